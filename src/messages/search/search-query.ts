import { Injectable } from '@nestjs/common';
import { Type, type Static } from 'typebox';
import { SUBJECT } from '../../auth/principal.js';
import { invalidField } from '../../common/errors.js';
import { idPattern } from '../../common/ids.js';
import { Strict } from '../../common/schema.js';
import type { TenantId } from '../../common/tenant-id.js';
import { readTimeRange, TIME_RANGE_HELP } from '../../common/time-range.js';
import { MESSAGE_STATUSES } from '../../domain/message-status.js';
import { NumberQuery } from '../number-query.js';
import type { MessageSearch } from './search.js';

const id = (prefix: 'req' | 'agt' | 'tpl', title: string) => Type.String({ pattern: idPattern(prefix), title });

export const RequestId = id('req', 'must be a request id (req_...)');

/** Filters that lists of messages, reports and exports share. */
export const CommonFilters = {
  status: Type.Optional(Type.Enum([...MESSAGE_STATUSES])),
  template_id: Type.Optional(id('tpl', 'must be a template id (tpl_...)')),
  agent_id: Type.Optional(id('agt', 'must be an agent id (agt_...)')),
  client_id: Type.Optional(
    Type.String({
      pattern: `${idPattern('key')}|${SUBJECT.source}`,
      title: 'must be the id of an API key or of a user (key_..., usr_..., or the sub of their token)',
      description: 'Who submitted them.',
    }),
  ),
};

export const SearchFilters = {
  ...CommonFilters,
  to: Type.Optional(Type.String({ maxLength: 40, description: 'A number, with or without its country.' })),
  to_prefix: Type.Optional(
    Type.String({
      pattern: '^[+ ]?[1-9][0-9]{3,14}$',
      title: 'must be the first digits of a number with its country code, at least 4, such as +8490',
      description: 'The first digits of the number, with its country code, at least 4. In the order of the numbers.',
    }),
  ),
  to_suffix: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4,15}$',
      title: 'must be the last digits of a number, at least 4',
      description: 'The last digits of the number, at least 4. In the order of the numbers.',
    }),
  ),
  client_reference: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  created_from: Type.Optional(Type.String({ maxLength: 40, description: TIME_RANGE_HELP.from })),
  created_to: Type.Optional(Type.String({ maxLength: 40, description: TIME_RANGE_HELP.to })),
  with_total: Type.Boolean({
    default: false,
    description:
      'Count them too: `total`, with `total_is_more` where there are more than were counted (10,000 at most).',
  }),
};
const Filters = Strict({ request_id: Type.Optional(RequestId), ...SearchFilters });

/** A search as a query string says it. */
@Injectable()
export class SearchQuery {
  constructor(private readonly numbers: NumberQuery) {}

  /** @throws ApiError 400 that names the parameter. */
  async read(tenant: TenantId, query: Static<typeof Filters>): Promise<MessageSearch> {
    const { request_id, status, template_id, agent_id, client_id, client_reference, to_prefix, to_suffix } = query;
    const ways = (['to', 'to_prefix', 'to_suffix'] as const).filter((name) => query[name] !== undefined);
    if (ways.length > 1) throw invalidField(ways[1]!, `can not be combined with ${ways[0]}; give one of them`);
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
      ...readTimeRange(query.created_from, query.created_to, { from: 'created_from', to: 'created_to' }),
    };
  }
}
