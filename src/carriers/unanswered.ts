import type { SendOutcome } from './carrier.js';
import type { HttpAnswer, HttpOutcome } from './http-call.js';

/** What became of a text whose call brought no answer. `title`: as people write the provider's name. */
export function outcomeOfUnanswered({ kind, code }: Exclude<HttpOutcome, HttpAnswer>, title: string): SendOutcome {
  if (kind === 'unsent')
    return { kind: 'later', cause: 'failure', code, reason: `There was no connection to ${title} (${code})` };
  return { kind: 'unknown', reason: `${title} did not answer (${code}); it may have taken the text` };
}
