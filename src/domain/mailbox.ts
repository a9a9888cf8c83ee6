/** Who an e-mail comes from. */
export interface Mailbox {
  /** As people read it; empty where there is none. */
  name: string;
  address: string;
}

/** Without quotes, comments and lists: an address never becomes two. */
const PART = '[^\\s\\u0000-\\u001f\\u007f<>()\\[\\]\\\\,;:"@]';
const ADDRESS = `${PART}{1,64}@${PART}{1,255}`;
const MAIL_ADDRESS = new RegExp(`^${ADDRESS}$`, 'u');

/** `shop@example.com`, or `Tiệm Hoa <shop@example.com>`. */
export const MAILBOX = new RegExp(`^(?:${ADDRESS}|[^<>\\u0000-\\u001f\\u007f]{0,100}<${ADDRESS}>)$`, 'u');

export function isMailAddress(text: string): boolean {
  return MAIL_ADDRESS.test(text);
}

/** Null for what is none. */
export function readMailbox(text: string): Mailbox | null {
  if (!MAILBOX.test(text)) return null;
  const [, name = '', address = text] = /^([^<]*)<([^>]+)>$/u.exec(text) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/u, '$1'), address };
}
