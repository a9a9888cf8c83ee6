import { parsePhoneNumberFromString, validatePhoneNumberLength, type PhoneNumber } from 'libphonenumber-js/max';
import { homeCountry, isCallingCode } from './calling-codes.js';
import { readTyped, visible } from './typed-number.js';

export interface NumberRules {
  /** Country calling code with plus, e.g. `+84`: given to numbers without one. */
  defaultPrefix: string;
  /** Whose numbers those are, where several countries share the code: `CA`. Null: of the country it is known for. */
  defaultCountry: string | null;
  blockInternational: boolean;
  /** Takes short codes, and numbers with a country code that its plan doesn't know, as machines have. */
  shortCodes: boolean;
  /** Takes any possible number that has its country code: it may be stored already, or be a carrier's. */
  anyPossible?: boolean;
}
export type ParsedNumber = { e164: string } | { problem: string };

/**
 * E.164 of what a person typed: `0901 234 567` and `+84901234567` are the same number, which the plan of its country knows. A short code
 * is its digits.
 */
export function parsePhoneNumber(typed: string, rules: NumberRules): ParsedNumber {
  const input = readTyped(typed);
  if ('problem' in input) return input;
  const { text } = input;
  if (rules.shortCodes && /^[1-9]\d{2,5}$/.test(text)) return { e164: text };
  const parsed = text.startsWith('00') ? readAbroad(text, rules) : read(text, rules);
  if (!parsed) return { problem: unreadable(text, rules) };
  if ('problem' in parsed) return parsed;
  if (parsed.ext) return { problem: 'has an extension, which an SMS can not reach' };
  if (!parsed.isValid() && !isTaken(parsed, /^(?:\+|00)/.test(text), rules))
    return { problem: impossible(parsed, rules) };
  const { defaultPrefix } = rules;
  if (rules.blockInternational && parsed.countryCallingCode !== defaultPrefix.slice(1)) {
    return { problem: `is abroad: only ${defaultPrefix} numbers are allowed here (BLOCK_INTERNATIONAL)` };
  }
  return { e164: parsed.number };
}

/** A number as E.164; a short code, a name or the id of a service as it is. */
export function parseSender(typed: string, rules: NumberRules): string {
  const parsed = parsePhoneNumber(typed, { ...rules, anyPossible: true });
  return 'e164' in parsed ? parsed.e164 : visible(typed);
}

function read(text: string, { defaultPrefix, defaultCountry }: NumberRules): PhoneNumber | undefined {
  const country = homeCountry(defaultPrefix, defaultCountry);
  if (country) return parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  const code = isCallingCode(defaultPrefix) ? { defaultCallingCode: defaultPrefix.slice(1) } : {};
  return parsePhoneNumberFromString(text, { ...code, extract: false });
}

/** `0084…` is `+84…`, also where people dial something else before a country code, unless it is a number of theirs as it stands. */
function readAbroad(text: string, rules: NumberRules): PhoneNumber | { problem: string } | undefined {
  const withPlus = parsePhoneNumberFromString(text.replace(/^00 ?/, '+'), { extract: false });
  const asTyped = read(text, rules);
  if (!asTyped?.isValid()) return withPlus ?? asTyped;
  if (!withPlus?.isValid() || withPlus.number === asTyped.number) return asTyped;
  return { problem: 'can be read in two ways: write a plus and the country code instead of 00' };
}

function isTaken(parsed: PhoneNumber, hasCode: boolean, { anyPossible, shortCodes }: NumberRules): boolean {
  if (!hasCode) return false;
  if (anyPossible && parsed.isPossible()) return true;
  return shortCodes && /^\+\d{8,15}$/.test(parsed.number);
}

function unreadable(text: string, { defaultPrefix }: NumberRules): string {
  if (/\p{L}/u.test(text)) return 'is not a phone number';
  if (text.startsWith('+')) return 'is not a phone number: check the country code after the plus';
  if (!isCallingCode(defaultPrefix))
    return `needs a plus and its country code: ${defaultPrefix}, the default_country_prefix of the settings, is none`;
  return `is not a phone number; write it like ${defaultPrefix} and the number`;
}

function impossible({ number, countryCallingCode: code }: PhoneNumber, { shortCodes }: NumberRules): string {
  const length = validatePhoneNumberLength(number);
  if (length === 'TOO_SHORT' && !shortCodes && number.length < code.length + 8)
    return `is too short for a number of +${code}, and short codes are not allowed here (allow_short_codes)`;
  if (length === 'TOO_SHORT') return `is too short for a number of +${code}`;
  if (length === 'TOO_LONG') return `is too long for a number of +${code}`;
  return `is not a valid number of +${code}: none begins like that, or has so many digits`;
}

/**
 * E.164 of digits that begin with a country code, with a plus or without one: `12065550100`. Null where no number of that country has so many;
 * whether anybody has that number, or can have it, isn't asked.
 */
export function possibleNumber(typed: string): string | null {
  const input = typed.trim();
  if (input.length > 32) return null;
  const parsed = parsePhoneNumberFromString(input.startsWith('+') ? input : `+${input}`, { extract: false });
  return parsed && !parsed.ext && parsed.isPossible() ? parsed.number : null;
}

/**
 * Where abroad a number is: its calling code and two digits more, which is a country's network or area, `+4479`. Null for a number of
 * `homePrefix`. No calling code begins like another.
 */
export function destinationAbroad(e164: string, homePrefix: string): string | null {
  // Short codes have no plus.
  if (e164.startsWith(homePrefix) || !e164.startsWith('+')) return null;
  const code = parsePhoneNumberFromString(e164)?.countryCallingCode ?? '';
  return e164.slice(0, code.length + 3);
}

/** How many digits of country and area (three, for most) two numbers share; 0 in different countries. */
export function nearness(one: string, other: string): number {
  const code = parsePhoneNumberFromString(one)?.countryCallingCode;
  if (!code || !other.startsWith(`+${code}`)) return 0;
  let same = 1;
  while (same < code.length + 4 && one[same] === other[same]) same++;
  return same - 1;
}

/** A number from its end, so that its last digits are the beginning of an index's key. */
export function reversedNumber(number: string): string {
  let text = '';
  for (let i = number.length - 1; i >= 0; i--) text += number[i]!;
  return text;
}

/** For logs: the country and the last three digits. */
export function maskNumber(e164: string): string {
  return e164.length < 7 ? '***' : `${e164.slice(0, 3)}***${e164.slice(-3)}`;
}
