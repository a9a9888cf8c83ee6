import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

export interface NumberRules {
  /** Country calling code with plus, e.g. `+84`: given to numbers without one. */
  defaultPrefix: string;
  blockInternational: boolean;
}
export type ParsedNumber = { e164: string } | { problem: string };

/**
 * E.164 of what a person typed: `0901 234 567` and `+84901234567` are the same number. Whole ranges are checked by
 * libphonenumber's metadata; where a calling code is shared and no country can be told (+1), the length decides, so that a new
 * area code is not refused.
 */
export function parsePhoneNumber(typed: string, rules: NumberRules): ParsedNumber {
  // A `+` in a query string arrives as a space.
  const input = typed.startsWith(' ') && /^ \d/.test(typed) ? `+${typed.slice(1)}` : typed.trim();
  if (input.length > 32) return { problem: 'is too long for a phone number' };
  const callingCode = rules.defaultPrefix.slice(1);
  const parsed = parsePhoneNumberFromString(input, { defaultCallingCode: callingCode, extract: false });
  if (!parsed) return { problem: 'is not a phone number' };
  if (parsed.ext) return { problem: 'has an extension, which an SMS can not reach' };
  const plausible = parsed.isValid() || (parsed.country === undefined && parsed.isPossible());
  if (!plausible) return { problem: `is not a valid number of +${parsed.countryCallingCode}` };
  if (rules.blockInternational && parsed.countryCallingCode !== callingCode) {
    return { problem: `is abroad: only ${rules.defaultPrefix} numbers are allowed here (BLOCK_INTERNATIONAL)` };
  }
  return { e164: parsed.number };
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
  if (e164.startsWith(homePrefix)) return null;
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
