import type { Ledger } from '../ledger.js';
import type { Facts } from './facts.js';

/**
 * Within the window (longer than the chaos) a text lives at most once; an accepted one was really taken once; nothing is a duplicate of
 * a text that was never taken; and every live message owns its text's fingerprint, or the next one would not be seen as a duplicate.
 */
export function checkTexts({ messages, fingerprints }: Facts, ledger: Ledger): string[] {
  const wrong: string[] = [];
  const texts = new Map<string, { taken: number; live: number; duplicates: number }>();
  for (const [id, { key, isDuplicate, isLive }] of messages) {
    const text = texts.get(key) ?? { taken: 0, live: 0, duplicates: 0 };
    if (isDuplicate) text.duplicates++;
    else text.taken++;
    if (isLive) {
      text.live++;
      if (!fingerprints.has(id)) wrong.push(`${id} lives without the fingerprint of its text`);
    }
    texts.set(key, text);
  }
  for (const [key, { taken, live, duplicates }] of texts) {
    if (live > 1) wrong.push(`the text ${key} lives ${live} times`);
    if (duplicates > 0 && taken === 0) wrong.push(`the text ${key} is a duplicate of one that was never accepted`);
  }
  for (const key of ledger.accepted) if (!texts.get(key)?.taken) wrong.push(`the accepted text ${key} was never taken`);
  return wrong;
}
