import { isWholeDay, parseTimestamp } from '../../domain/time.js';
import { readEmail as readAddress } from '../../people/email-address.js';
import type { Read } from './reading.js';

const NULL = { problem: 'This field may not be null.' };
/** As E.164 allows: country code and number. */
const [SMALLEST_PHONE, LARGEST_PHONE] = [100_000, 999_999_999_999_999];

export function readText(value: unknown, longest: number): Read<string> {
  if (value === null) return NULL;
  if (typeof value !== 'string' && typeof value !== 'number') return { problem: 'Not a valid string.' };
  const text = String(value).trim();
  if (text === '') return { problem: 'This field may not be blank.' };
  return [...text].length > longest ? { problem: tooLong(longest) } : { value: text };
}

export const tooLong = (longest: number) => `Ensure this field has no more than ${longest} characters.`;

/** Null for an empty one: then there is none. */
export function readEmail(value: unknown): Read<string | null> {
  if (value === '') return { value: null };
  const read = readText(value, 254);
  if ('problem' in read) return read;
  const email = readAddress(read.value);
  return email === null ? { problem: 'Enter a valid email address.' } : { value: email };
}

export function readChoice<C extends string>(value: unknown, choices: readonly C[]): Read<C> {
  if (value === null) return NULL;
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return { value: choice };
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return { problem: `"${shown.slice(0, 100)}" is not a valid choice.` };
}

/** E.164 of a whole number, or its digits; null for none. */
export function readPhone(value: unknown): Read<string | null> {
  if (value === null || value === '') return { value: null };
  const digits = /^\s*([+-]?\d{1,30})(?:\.0*)?\s*$/.exec(typeof value === 'number' ? plain(value) : textOf(value))?.[1];
  if (digits === undefined) return { problem: 'A valid integer is required.' };
  const phone = Number(digits);
  if (phone < SMALLEST_PHONE) return { problem: `Ensure this value is greater than or equal to ${SMALLEST_PHONE}.` };
  if (phone > LARGEST_PHONE) return { problem: `Ensure this value is less than or equal to ${LARGEST_PHONE}.` };
  return { value: `+${phone}` };
}

export function readTime(value: unknown): Read<Date> {
  if (value === null) return NULL;
  const at = typeof value === 'string' && value.length <= 100 && !isWholeDay(value) ? parseTimestamp(value) : null;
  if (at) return { value: at };
  const forms = 'YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]';
  return { problem: `Datetime has wrong format. Use one of these formats instead: ${forms}.` };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function plain(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : '';
}
