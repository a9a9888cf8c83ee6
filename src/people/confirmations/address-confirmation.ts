import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { conflict, invalidField } from '../../common/errors.js';
import { toGsm7 } from '../../domain/gsm7.js';
import { parsePhoneNumber } from '../../domain/phone-number.js';
import { numberRules } from '../../tenants/number-rules.js';
import type { Settings } from '../../tenants/settings.js';
import { SettingsService } from '../../tenants/settings.service.js';
import type { PersonDoc } from '../person.js';
import { PersonChanges } from '../person-changes.js';
import { CodeLimits } from './code-limits.js';
import { CODE_MAILS, CODE_TEXTS, filled, languageOf } from './code-words.js';
import { Confirmations } from './confirmations.js';
import { PrivateTexts } from './private-texts.js';

export type ConfirmedField = 'phone' | 'email';
const CHANNEL = { phone: 'sms', email: 'email' } as const;
const LIFE_SECONDS = 600;

/** People prove that a number or an e-mail address is theirs, by the code that was sent there. */
@Injectable()
export class AddressConfirmation {
  constructor(
    private readonly confirmations: Confirmations,
    private readonly texts: PrivateTexts,
    private readonly limits: CodeLimits,
    private readonly changes: PersonChanges,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 409 without an address or a way to it, 429 when codes were sent just before. */
  async ask(person: PersonDoc, field: ConfirmedField): Promise<void> {
    const { tenant_id: tenant } = person;
    const address = person[field];
    if (address === null)
      throw conflict(`no_${field}`, `There is no ${field} to confirm. Set it with PATCH /me/person.`);
    const settings = await this.settings.get(tenant);
    if (field === 'phone') checkNumber(address, settings);
    const channel = CHANNEL[field];
    const route = await this.texts.route(tenant, channel);
    if (!route)
      throw conflict('no_route', `Nothing here sends ${channel}. An administrator sets it up (/admin/carriers).`);
    await this.limits.take(`${channel} ${address}`, `${channel} of ${person._id}`);
    const subject = subjectOf(person, field);
    const { id, code } = await this.confirmations.issue({ tenant, subject, address, lifeSeconds: LIFE_SECONDS });
    const text = { because: id, to: address, ...wording(person, field, settings, code), ttlSeconds: LIFE_SECONDS };
    await this.texts.send(tenant, channel, route, text);
  }

  /** @throws ApiError 400 when the code isn't the one that was sent to the address that the person has now. */
  async confirm(person: PersonDoc, field: ConfirmedField, code: string): Promise<PersonDoc> {
    const proven = await this.confirmations.byCode(person.tenant_id, subjectOf(person, field), code);
    if (!proven) throw wrongCode();
    return this.changes.write(person.tenant_id, person._id, (seen) => {
      if (seen[field] !== proven.address) throw wrongCode();
      return {
        $set: { [`${field}_confirmed_at`]: this.clock.now() },
        ...(field === 'email' ? { $unset: { email_dead: '' as const } } : {}),
      };
    });
  }
}

function subjectOf({ _id }: PersonDoc, field: ConfirmedField): string {
  return `${field}:${_id}`;
}

/** A code abroad costs as much as any text abroad. */
function checkNumber(phone: string, settings: Settings): void {
  const read = parsePhoneNumber(phone, numberRules(settings, { blockInternational: settings.block_international }));
  if ('problem' in read) throw invalidField('phone', read.problem);
}

function wording({ language }: PersonDoc, field: ConfirmedField, settings: Settings, code: string) {
  const spoken = languageOf(language, settings.default_country_prefix);
  const values = { org_name: settings.org_name, code };
  if (field === 'phone') return { text: toGsm7(filled(CODE_TEXTS[spoken], values)) };
  const { subject, text } = CODE_MAILS[spoken];
  return { subject: filled(subject, values), text: filled(text, values) };
}

function wrongCode() {
  return invalidField('code', 'is wrong, or can not be used any more; ask for a new one', 'wrong_code');
}
