import { Injectable } from '@nestjs/common';
import { invalid, type ErrorDetail } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import type { Preference, Way } from '../domain/preference.js';
import type { QuietHours } from '../domain/quiet-hours.js';
import { isTimeZone } from '../domain/time.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import { readEmail } from './email-address.js';
import type { PersonDoc } from './person.js';

/** What somebody writes of a person; absent: as it is, null: none. */
export interface TypedPerson {
  name?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  language?: string | null | undefined;
  time_zone?: string | null | undefined;
  preference?: Preference | undefined;
  quiet_hours?: QuietHours | null | undefined;
  stopped?: readonly Way[] | undefined;
}

export type PersonFields = Partial<
  Pick<PersonDoc, 'name' | 'email' | 'phone' | 'language' | 'time_zone' | 'preference' | 'quiet_hours' | 'stopped'>
>;

/** Reads what people type into what is kept. */
@Injectable()
export class PersonReader {
  constructor(private readonly settings: SettingsService) {}

  /** @throws ApiError 400 that names every bad field. */
  async read(tenant: TenantId, typed: TypedPerson): Promise<PersonFields> {
    const rules = numberRules(await this.settings.get(tenant));
    const problems: ErrorDetail[] = [];
    const read = <T>(
      field: keyof TypedPerson & ('email' | 'phone' | 'language'),
      by: (text: string) => T | string[],
    ) => {
      const text = typed[field];
      if (text === undefined || text === null) return text;
      const found = by(text);
      if (!Array.isArray(found)) return found;
      problems.push({ field, message: found[0]! });
      return null;
    };
    const fields = {
      name: typed.name?.trim() ?? typed.name,
      email: read('email', (text) => readEmail(text) ?? ['must be an e-mail address']),
      phone: read('phone', (text) => {
        const number = parsePhoneNumber(text, rules);
        return 'problem' in number ? [number.problem] : number.e164;
      }),
      language: read('language', (text) => readLanguage(text) ?? ['must be a language such as vi or en-GB (BCP 47)']),
      time_zone: typed.time_zone,
      preference: typed.preference,
      quiet_hours: typed.quiet_hours,
      stopped: typed.stopped,
    };
    if (typed.time_zone && !isTimeZone(typed.time_zone))
      problems.push({ field: 'time_zone', message: 'must be a zone such as Asia/Ho_Chi_Minh (IANA)' });
    if (typed.quiet_hours && typed.quiet_hours.from === typed.quiet_hours.to)
      problems.push({ field: 'quiet_hours.to', message: 'must differ from `from`' });
    if (problems.length > 0) throw invalid(problems);
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as PersonFields;
  }

  /** @throws ApiError 400 */
  async number(tenant: TenantId, typed: string): Promise<string> {
    return (await this.read(tenant, { phone: typed })).phone!;
  }
}

function readLanguage(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text.trim())[0] ?? null;
  } catch {
    return null;
  }
}
