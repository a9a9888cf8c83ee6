import { Injectable } from '@nestjs/common';
import { invalidField } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import { plusOfQuery } from '../domain/typed-number.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';

/** A number in a query string, in whatever form, as it is stored. */
@Injectable()
export class NumberQuery {
  constructor(private readonly settings: SettingsService) {}

  async read(tenant: TenantId, typed: string): Promise<string> {
    const rules = numberRules(await this.settings.get(tenant), { anyPossible: true });
    const parsed = parsePhoneNumber(plusOfQuery(typed), rules);
    if ('problem' in parsed) throw invalidField('to', parsed.problem);
    return parsed.e164;
  }
}
