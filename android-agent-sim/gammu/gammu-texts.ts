import { createHash } from 'node:crypto';
import type { StoredText } from '../modem.js';

/** One text, or one part of a long one, as `gammu getsms` prints it. */
export interface Part {
  location: string;
  from: string;
  sent: string;
  text: string;
  /** Of a long text. */
  of?: { id: string; part: number; parts: number };
}

/** Where the received texts are; one whose words look like such a line adds a place where nothing is. */
export function locationsIn(listed: string): string[] {
  const found = [...listed.matchAll(/^Location (\d+), folder ".*Inbox folder$/gm)].map((match) => match[1]!);
  return [...new Set(found)];
}

/** The fields come before the first empty line, so no text can forge them. Undefined where no text is. */
export function partIn(location: string, shown: string): Part | undefined {
  const end = shown.indexOf('\n\n');
  const head = shown.slice(0, end);
  if (end < 0 || !head.includes('\nSMS message')) return undefined;
  const field = (name: string) => new RegExp(`^${name} *: (.*)$`, 'm').exec(head)?.[1] ?? '';
  const long = /ID \(.*\) (\d+), part (\d+) of (\d+)/.exec(field('User Data Header'));
  return {
    location,
    from: field('Remote number').replace(/^"|"$/g, '') || 'unknown',
    sent: field('Sent'),
    text: shown.slice(end + 2).replace(/\n{1,2}$/, ''),
    ...(long && { of: { id: long[1]!, part: Number(long[2]), parts: Number(long[3]) } }),
  };
}

export interface Joined extends StoredText {
  locations: string[];
}

/** Whole texts; a long one waits until all its parts are there. */
export function join(parts: readonly Part[]): Joined[] {
  const long = new Map<string, Part[]>();
  for (const part of parts) {
    const name = part.of ? `${part.from} ${part.of.id} ${part.of.parts}` : part.location;
    long.set(name, [...(long.get(name) ?? []), part]);
  }
  return [...long.values()].filter((found) => found.length === (found[0]!.of?.parts ?? 1)).map(joined);
}

function joined(parts: Part[]): Joined {
  const inOrder = parts.toSorted((a, b) => (a.of?.part ?? 0) - (b.of?.part ?? 0));
  const { from, sent } = inOrder[0]!;
  const text = inOrder.map((part) => part.text).join('');
  const locations = inOrder.map(({ location }) => location);
  const key = createHash('sha256')
    .update(JSON.stringify([locations, from, sent, text]))
    .digest('base64url')
    .slice(0, 20);
  const at = new Date(sent);
  const received_at = (Number.isNaN(at.getTime()) ? new Date() : at).toISOString();
  return { key, locations, text: { from: from.slice(0, 64), text, received_at, external_id: `sms-${key}` } };
}
