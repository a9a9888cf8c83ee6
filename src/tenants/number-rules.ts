import type { NumberRules } from '../domain/phone-number.js';
import type { Settings } from './settings.js';

type Rules = Pick<Settings, 'default_country_prefix' | 'default_country' | 'allow_short_codes'>;

/** How a tenant's people type numbers. Whether texts go abroad is a rule for requests. */
export function numberRules(settings: Rules, more: Partial<NumberRules> = {}): NumberRules {
  return {
    defaultPrefix: settings.default_country_prefix,
    defaultCountry: settings.default_country,
    blockInternational: false,
    shortCodes: settings.allow_short_codes,
    ...more,
  };
}
