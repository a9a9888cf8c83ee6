/** A mail server and who logs in there. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte (smtps); else by STARTTLS. */
  secure: boolean;
  user: string | null;
  password: string;
}

const CHARACTER = '(?:[^\\s:@/?#%]|%[0-9a-fA-F]{2})';
const LOGIN = `(?:${CHARACTER}{1,200}(?::${CHARACTER}{0,500})?@)?`;
const HOST = '(?:[A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\])';

/** `smtp://user:password@host:587` or `smtps://host`; what an URL can't have in a password is written as %40. */
export const SMTP_URL = new RegExp(`^smtps?://${LOGIN}${HOST}(?::[0-9]{1,5})?/?$`, 'u');
export const SMTP_URL_RULE =
  'must be smtp://user:password@host:587 or smtps://...; signs such as @ and / in the password are written as %40 and %2F';

/** Null for what is none. */
export function readSmtpUrl(text: string): SmtpServer | null {
  if (!SMTP_URL.test(text)) return null;
  try {
    const { protocol, hostname, port, username, password } = new URL(text);
    const secure = protocol === 'smtps:';
    return {
      host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
      port: Number(port) || (secure ? 465 : 587),
      secure,
      user: username ? decodeURIComponent(username) : null,
      password: decodeURIComponent(password),
    };
  } catch {
    return null;
  }
}
