import { possibleNumber } from '../../domain/phone-number.js';
import type { SourceValue } from './dto/source-value.js';
import { NO_NUMBER, wrongField } from './refusals.js';

/** The form of the source system: country code and number, without a plus. */
export function withoutPlus(e164: string): string {
  return e164.slice(1);
}

/** `2016-05-19 22:19:58`, UTC. */
export function sourceTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** @throws WordedError 400 */
export function e164Of(field: string, value: SourceValue): string {
  const number = possibleNumber(String(value));
  if (!number) throw wrongField(field, NO_NUMBER);
  return number;
}
