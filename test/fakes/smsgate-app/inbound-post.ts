import { createHmac } from 'node:crypto';
import type { Post } from './phone-memory.js';

const ESCAPED = /[<>&='\u2028\u2029]/g;

/** As Gson writes JSON into HTML. */
export function toAppJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** One try of a post, signed anew. Answers whether it is done. */
export async function post(
  { url, body }: Pick<Post, 'url' | 'body'>,
  key: string,
  now: Date,
  signal: AbortSignal,
): Promise<boolean> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', key)
    .update(body + timestamp)
    .digest('hex');
  const headers = { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature };
  const answer = await fetch(url, { method: 'POST', headers, body, signal });
  await answer.text();
  return answer.ok;
}
