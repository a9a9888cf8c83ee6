import { Injectable } from '@nestjs/common';
import { invalidField } from '../../common/errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import { readTimeRange } from '../../common/time-range.js';
import { partOfNumber } from '../../domain/typed-number.js';
import { parseTimestamp } from '../../domain/time.js';
import type { SearchMessagesQuery } from '../dto/search-messages.query.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { NumberQuery } from '../number-query.js';
import type { SearchTerms } from './search-terms.js';

/** A search from a query string. */
@Injectable()
export class SearchQuery {
  constructor(
    private readonly numbers: NumberQuery,
    private readonly settings: SettingsService,
  ) {}

  /** @throws ApiError 400 that names the parameter. */
  async read(tenant: TenantId, query: SearchMessagesQuery): Promise<SearchTerms> {
    const { request_id, status, template_id, agent_id, client_id, client_reference } = query;
    const ways = (['to', 'to_prefix', 'to_suffix'] as const).filter((name) => query[name] !== undefined);
    if (ways.length > 1) throw invalidField(ways[1]!, `can not be combined with ${ways[0]}; give one of them`);
    if (query.to !== undefined && isDayOrTime(query.to))
      throw invalidField('to', 'is a number here; a span of time is created_from and created_to');
    return {
      request_id,
      status,
      template_id,
      agent_id,
      client_id,
      client_reference,
      to: query.to === undefined ? undefined : await this.numbers.read(tenant, query.to),
      to_prefix: firstDigits(query.to_prefix),
      to_suffix: lastDigits(query.to_suffix),
      ...readTimeRange(query.created_from, query.created_to, await this.settings.zone(tenant), {
        from: 'created_from',
        to: 'created_to',
      }),
    };
  }
}

function firstDigits(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const [, digits] = /^\+?([1-9]\d{3,14})$/.exec(partOfNumber(typed)) ?? [];
  if (digits === undefined)
    throw invalidField(
      'to_prefix',
      'must be the first digits of a number with its country code, at least 4, such as +8490',
    );
  return `+${digits}`;
}

function lastDigits(typed: string | undefined): string | undefined {
  const digits = typed === undefined ? undefined : partOfNumber(typed);
  if (digits !== undefined && !/^\d{4,15}$/.test(digits))
    throw invalidField('to_suffix', 'must be the last digits of a number, at least 4');
  return digits;
}

/** A day or a time of this century or the next, and no number. */
function isDayOrTime(text: string): boolean {
  return /^\s*2[01]\d\d-/.test(text) && parseTimestamp(text) !== null;
}
