import { invalidField } from '../common/errors.js';
import { countriesOf, isCallingCode } from '../domain/calling-codes.js';

/** @throws ApiError 400 for a calling code that nobody has, and for a country that has another one. */
export function checkCountry(prefix: string | null | undefined, country: string | null | undefined): void {
  if (prefix && !isCallingCode(prefix))
    throw invalidField('default_country_prefix', 'must be a calling code that exists, such as +84');
  if (prefix && country && !countriesOf(prefix).some((one) => one === country))
    throw invalidField('default_country', `must be a country with the calling code ${prefix}, or left out`);
}
