import metadata from 'libphonenumber-js/max/metadata';
import type { CountryCode } from 'libphonenumber-js/max';

const COUNTRIES = metadata.country_calling_codes as Readonly<Record<string, readonly CountryCode[]>>;
/** Of no country: satellites, machines, free calls. */
const WORLDWIDE = (metadata.nonGeographic ?? {}) as Readonly<Record<string, unknown>>;

/** `+84` is one, `+840` is not. */
export function isCallingCode(prefix: string): boolean {
  const code = prefix.slice(1);
  return prefix.startsWith('+') && (Object.hasOwn(COUNTRIES, code) || Object.hasOwn(WORLDWIDE, code));
}

/** The countries that share a calling code, the one it is known for first: `+1` has US, AG, AI. */
export function countriesOf(prefix: string): readonly CountryCode[] {
  const code = prefix.slice(1);
  return Object.hasOwn(COUNTRIES, code) ? COUNTRIES[code]! : [];
}

/** Whose national numbers are read: `country`, if it has that calling code, else the country that the code is known for. */
export function homeCountry(prefix: string, country: string | null): CountryCode | undefined {
  const countries = countriesOf(prefix);
  return countries.find((one) => one === country) ?? countries[0];
}
