import { ApiError } from '../common/errors.js';
import { toldReader } from '../common/http/told.js';
import { ReceivedTextDto } from './dto/store-texts.dto.js';
import type { ReceivedText } from './inbound.service.js';

export interface ReadText {
  text: ReceivedText;
  ignored: string[];
}
export interface InvalidText {
  result: 'invalid';
  reason: string;
}

const read = toldReader(ReceivedTextDto, ['from', 'text', 'received_at']);

/** In place of null, which as a body would be a missing one. */
const NOTHING = false;

/** An entry of what a phone received. Its text is kept although the time can't be read. */
export function readText(entry: unknown): ReadText | InvalidText {
  try {
    const { told, ignored } = read(withTimeAsText(entry) ?? NOTHING);
    return { text: told, ignored };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { result: 'invalid', reason: error.message };
  }
}

/** Some phones write the time as a number. */
function withTimeAsText(entry: unknown): unknown {
  const { received_at: at } = (entry ?? {}) as { received_at?: unknown };
  return typeof at === 'number' ? { ...(entry as object), received_at: String(at) } : entry;
}
