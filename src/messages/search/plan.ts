import { messageIdRange, idsFrom } from '../../common/ids.js';
import type { Condition, Filter, Sort } from '../../database/query.js';
import { MESSAGE_STATUSES } from '../../domain/message-status.js';
import { reversedNumber } from '../../domain/phone-number.js';
import type { MessageDoc } from '../message.js';
import { leadOf, likelyLeadOf } from './combinations.js';
import type { SearchTerms } from './search-terms.js';

type Where = Filter<Omit<MessageDoc, 'tenant_id'>>;
type Residual = 'to' | 'client_reference' | 'client_id' | 'agent_id' | 'template_id' | 'status' | 'route';

/** How a search is read: only by queries that read one index in its own order, so that each page costs as much as the first. */
export interface Plan {
  /** The queries' streams; several are read one after the other and merged by `_id`. */
  streams: readonly Where[];
  /** The range of `_id`: the days, or the request. */
  ids: Condition;
  /** The field before `_id` in the index, when the search has a range of it; the order is then by this field and `_id`. */
  ranged?: { field: 'to' | 'to_reversed'; from: string; before: string };
  direction: 1 | -1;
  /** The filters without an index: checked in each message that was read. */
  residual: readonly [field: Residual, value: string][];
}

/** Where a page ended: the message's id, and its value of the ranged field. */
export interface Position {
  id: string;
  value?: string | undefined;
}

/** @throws ApiError 400 `unsupported_search`. */
export function planSearch(search: SearchTerms): Plan {
  return planBy(search, leadOf(search));
}

/** For callers that read all results: supports every combination, with the index that probably has the fewest messages. */
export function planAnySearch(search: SearchTerms): Plan {
  return planBy(search, likelyLeadOf(search));
}

function planBy(search: SearchTerms, lead: ReturnType<typeof leadOf>): Plan {
  const base = { ids: days(search), direction: -1, residual: residual(search, lead) } as const;
  const { status } = search;
  switch (lead) {
    case undefined:
      return { ...base, streams: [{}] };
    case 'request_id':
      return {
        ...base,
        streams: [exactly(search)],
        ids: ofRequest(search),
        direction: 1,
        residual: rest(search, ['route']),
      };
    case 'to_prefix':
      return { ...base, streams: [{}], ranged: { field: 'to', ...beginning(search.to_prefix!) } };
    case 'to_suffix':
      return {
        ...base,
        streams: [{}],
        ranged: { field: 'to_reversed', ...beginning(reversedNumber(search.to_suffix!)) },
      };
    case 'client_id':
    case 'agent_id':
    case 'template_id': {
      // Messages change their status only in this order. Because the statuses are read one after the other, a message that changes in between
      // is found under its old status, its new one, or both, but never missed.
      const statuses = status ? [status] : MESSAGE_STATUSES;
      return { ...base, streams: statuses.map((status) => ({ [lead]: search[lead]!, status })) };
    }
    default:
      return { ...base, streams: [{ [lead]: search[lead]! }] };
  }
}

/** The queries of the next `limit` messages; tests check their plans. */
export function queriesOf(plan: Plan, position?: Position): { filter: Where; sort: Sort }[] {
  const { direction, ids, ranged } = plan;
  const beyond = (id: string): Condition => ({ ...ids, ...(direction === 1 ? { $gt: id } : { $lt: id }) });
  if (!ranged) {
    const range = position ? beyond(position.id) : ids;
    const filter = Object.keys(range).length > 0 ? { _id: range } : {};
    return plan.streams.map((stream) => ({ filter: { ...stream, ...filter }, sort: { _id: direction } }));
  }
  const { field } = ranged;
  const value = position?.value;
  const others: Condition = { $gte: ranged.from, $lt: value ?? ranged.before };
  return [
    ...(position && value ? [{ filter: { [field]: value, _id: beyond(position.id) }, sort: { _id: direction } }] : []),
    { filter: { [field]: others }, sort: { [field]: direction, _id: direction } },
  ];
}

export function positionOf(plan: Plan, message: MessageDoc): Position {
  return plan.ranged ? { id: message._id, value: message[plan.ranged.field]! } : { id: message._id };
}

/** The fields of each message that the plan needs to continue. */
export function fieldsOf(plan: Plan): string[] {
  return [...plan.residual.map(([field]) => field), ...(plan.ranged ? [plan.ranged.field] : [])];
}

/** Whether the message matches the filters that the index doesn't cover. */
export function matches(plan: Plan, message: MessageDoc): boolean {
  return plan.residual.every(([field, value]) => message[field] === value);
}

function days({ from, before }: SearchTerms): Condition {
  return { ...(from ? { $gte: idsFrom('msg', from) } : {}), ...(before ? { $lt: idsFrom('msg', before) } : {}) };
}

function ofRequest(search: SearchTerms): Condition {
  const range = messageIdRange(search.request_id!);
  const { $gte = range.from, $lt = range.to } = days(search) as { $gte?: string; $lt?: string };
  return { $gte: $gte > range.from ? $gte : range.from, $lt: $lt < range.to ? $lt : range.to };
}

/** A request has 5,000 messages at most, so the store may check every condition. */
function exactly(search: SearchTerms): Where {
  return Object.fromEntries(rest(search, ['to', 'client_reference', 'client_id', 'agent_id', 'template_id', 'status']));
}

function residual(search: SearchTerms, lead: string | undefined): Plan['residual'] {
  const inIndex: readonly string[] =
    lead && /^(client|agent|template)_id$/.test(lead) ? [lead, 'status'] : [lead ?? ''];
  const fields: Residual[] = ['to', 'client_reference', 'client_id', 'agent_id', 'template_id', 'status', 'route'];
  return rest(
    search,
    fields.filter((field) => !inIndex.includes(field)),
  );
}

function rest(search: SearchTerms, fields: readonly Residual[]): [Residual, string][] {
  return fields.flatMap((field) => (search[field] === undefined ? [] : [[field, search[field]] as [Residual, string]]));
}

/** The upper end of a prefix: in the order of characters, the colon comes after the digits and the plus. */
function beginning(text: string): { from: string; before: string } {
  return { from: text, before: `${text}:` };
}
