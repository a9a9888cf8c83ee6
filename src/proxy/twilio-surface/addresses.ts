import { invalid, type ErrorDetail } from '../../common/errors.js';
import { possibleNumber } from '../../domain/phone-number.js';
import type { NewParticipant } from '../sessions.js';

const WHATSAPP = 'whatsapp:';

/** `+12065550111` or `whatsapp:+12065550111`; a plus that a form made a space counts. Null: neither. */
export function readAddress(text: string): NewParticipant | null {
  const typed = text.trim();
  const isWhatsapp = typed.toLowerCase().startsWith(WHATSAPP);
  const address = possibleNumber(isWhatsapp ? typed.slice(WHATSAPP.length) : typed);
  return address ? { address, channel: isWhatsapp ? 'whatsapp' : 'sms' } : null;
}

/** @throws ApiError 400 that names each that is none. */
export function readAddresses(texts: readonly string[]): NewParticipant[] {
  const read = texts.map(readAddress);
  const problems = read.flatMap((one, i): ErrorDetail[] =>
    one ? [] : [{ field: `addresses.${i}`, message: 'must be a number with its country code, such as +12065550111' }],
  );
  if (problems.length > 0) throw invalid(problems);
  return read as NewParticipant[];
}

export function writeAddress(number: string, channel: string): string {
  return channel === 'whatsapp' ? WHATSAPP + number : number;
}
