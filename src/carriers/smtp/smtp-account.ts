import type { SMTPPoolOptions } from 'nodemailer';
import { readMailbox, type Mailbox } from '../../domain/mailbox.js';
import { readSmtpUrl, type SmtpServer } from '../../domain/smtp-url.js';
import type { AccountValues } from '../carrier-kinds.js';

export interface SmtpAccount {
  server: SmtpServer;
  from: Mailbox;
}

/** @throws when a field isn't what the PUT and the configuration let through. */
export function readAccount({ url, from }: AccountValues): SmtpAccount {
  const server = readSmtpUrl(String(url));
  const mailbox = readMailbox(String(from));
  if (!server || !mailbox) throw new Error('The url or the from of a mail server can not be read');
  return { server, from: mailbox };
}

/** The user and the host, without the password. */
export function accountIdOf({ server: { host, port, user } }: SmtpAccount): string {
  return `${user === null ? '' : `${user}@`}${host}:${port}`;
}

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];
/** A server that says nothing for so long is gone; each send has its own, shorter time. */
const PATIENCE_MILLIS = 30_000;
/** Closed by us before the server does it, as with HTTP; also those of an account that has been replaced. */
const IDLE_MILLIS = 2000;
/** As many sends at once as an account can be set to. */
const MOST_CONNECTIONS = 100;

/** A password is sent over TLS only, or to this machine, where nobody is in between. */
export function transportOptions({ server }: SmtpAccount): SMTPPoolOptions & { pool: true } {
  const { host, port, secure, user, password } = server;
  const isHere = THIS_MACHINE.includes(host);
  return {
    pool: true,
    host,
    port,
    secure,
    ...(secure || isHere ? { ignoreTLS: true } : { requireTLS: user !== null }),
    ...(user === null ? {} : { auth: { user, pass: password } }),
    maxConnections: MOST_CONNECTIONS,
    // A conversation that breaks off is ours to repeat, by a lease of its own.
    maxRequeues: 0,
    idleTimeout: IDLE_MILLIS,
    connectionTimeout: PATIENCE_MILLIS,
    greetingTimeout: PATIENCE_MILLIS,
    dnsTimeout: PATIENCE_MILLIS,
    socketTimeout: PATIENCE_MILLIS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
