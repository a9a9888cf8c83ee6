import { Injectable } from '@nestjs/common';
import { ApiError, invalid, invalidField, type ErrorDetail } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber, type NumberRules } from '../domain/phone-number.js';
import { readEmail } from '../people/email-address.js';
import { People } from '../people/people.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import { TO_FIELDS, type To } from './dto/audience.js';
import type { Audience } from './notification.js';
import { Topics } from './topics/topics.js';

export interface ReadAudience {
  audience: Audience[];
  topic?: string;
}

/** Reads to whom a caller wants something told; all of it, or nothing. */
@Injectable()
export class AudienceReader {
  constructor(
    private readonly people: People,
    private readonly topics: Topics,
    private readonly settings: SettingsService,
  ) {}

  /** @throws ApiError 400 or 404 that names each place. */
  async read(tenant: TenantId, to: To | readonly To[]): Promise<ReadAudience> {
    const list = Array.isArray(to) ? (to as readonly To[]) : [to as To];
    const at = (i: number) => (Array.isArray(to) ? `to.${i}` : 'to');
    const rules = numberRules(await this.settings.get(tenant));
    const read = list.map((one, i) => readOne(one, at(i), rules));
    const problems = read.flatMap((one) => ('field' in one ? [one] : []));
    if (problems.length > 0) throw invalid(problems);
    const all = read as (Audience | { topic: string })[];
    await this.checkPeople(tenant, all, at);
    const topics = new Set(all.flatMap((one) => ('topic' in one ? [one.topic] : [])));
    if (topics.size > 1) throw invalidField('to', 'may name one topic alone; send another notification to the other');
    const [topic] = topics;
    if (topic !== undefined) await this.topics.mustFind(tenant, topic);
    const audience = all.filter((one): one is Audience => !('topic' in one));
    return { audience, ...(topic === undefined ? {} : { topic }) };
  }

  private async checkPeople(
    tenant: TenantId,
    all: readonly (Audience | { topic: string })[],
    at: (i: number) => string,
  ): Promise<void> {
    const ids = all.flatMap((one) => ('person' in one ? [one.person] : []));
    const known = new Set((await this.people.byIds(tenant, ids)).map(({ _id }) => _id));
    const unknown = all.flatMap((one, i) =>
      'person' in one && !known.has(one.person) ? [{ field: `${at(i)}.person_id`, message: 'is nobody here' }] : [],
    );
    if (unknown.length === 0) return;
    const message = `${unknown[0]!.field}: there is no such person. Check the ids; nobody was told.`;
    throw new ApiError(404, 'person_not_found', message, unknown.slice(0, 100));
  }
}

function readOne(to: To, at: string, rules: NumberRules): Audience | { topic: string } | ErrorDetail {
  const [field, ...more] = TO_FIELDS.filter((name) => to[name] !== undefined);
  if (field === undefined || more.length > 0)
    return { field: at, message: `must have exactly one of ${TO_FIELDS.join(', ')}` };
  const value = to[field]!;
  const problem = (message: string): ErrorDetail => ({ field: `${at}.${field}`, message });
  switch (field) {
    case 'person_id':
      return { person: value };
    case 'topic':
      return { topic: value };
    case 'email': {
      const email = readEmail(value);
      return email === null ? problem('must be an e-mail address') : { email };
    }
    case 'phone': {
      const parsed = parsePhoneNumber(value, rules);
      return 'e164' in parsed ? { sms: parsed.e164 } : problem(parsed.problem);
    }
    default:
      return /^\S+$/.test(value) ? { token: { kind: field, value } } : problem('must not contain blanks');
  }
}
