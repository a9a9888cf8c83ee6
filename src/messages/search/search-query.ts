import { Injectable } from '@nestjs/common';
import { invalidField } from '../../common/errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import { readTimeRange } from '../../common/time-range.js';
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
    const { request_id, status, template_id, agent_id, client_id, client_reference, to_prefix, to_suffix } = query;
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
      // A `+` in a query string arrives as a space.
      to_prefix: to_prefix === undefined ? undefined : `+${to_prefix.replace(/^[+ ]/, '')}`,
      to_suffix,
      ...readTimeRange(query.created_from, query.created_to, await this.settings.zone(tenant), {
        from: 'created_from',
        to: 'created_to',
      }),
    };
  }
}

/** A day or a time of this century or the next, and no number. */
function isDayOrTime(text: string): boolean {
  return /^\s*2[01]\d\d-/.test(text) && parseTimestamp(text) !== null;
}
