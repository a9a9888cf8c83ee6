import { messageIdRange, idsFrom } from '../../common/ids.js';
import type { Condition, Filter, Sort } from '../../database/query.js';
import { MESSAGE_STATUSES } from '../../domain/message-status.js';
import { reversedNumber } from '../../domain/phone-number.js';
import type { MessageDoc } from '../message.js';
import { leadOf, likelyLeadOf } from './combinations.js';
import type { SearchTerms } from './search-terms.js';

type Where = Filter<Omit<MessageDoc, 'tenant_id'>>;
type Residual = 'to' | 'client_reference' | 'client_id' | 'agent_id' | 'template_id' | 'status' | 'route';

/** How a search is read: only queries that walk one index in its own order, so that each page costs what the first one costs. */
export interface Plan {
  /** Read one after the other, and merged by `_id` when there are several. */
  streams: readonly Where[];
  /** Of `_id`: the days, or the request. */
  ids: Condition;
  /** The field that the index has before `_id`, where a range of it is asked for; the order is then by it and `_id`. */
  ranged?: { field: 'to' | 'to_reversed'; from: string; before: string };
  direction: 1 | -1;
  /** What no index knows: looked at in each message that was read. */
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

/** For who reads everything to the end: whatever is asked, by the index that is likely to hold the least. */
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
      // A message only ever moves on in this order: read one after the other, one that moves meanwhile is found at its old place, at
      // its new one, or at both; never at none.
      const statuses = status ? [status] : MESSAGE_STATUSES;
      return { ...base, streams: statuses.map((status) => ({ [lead]: search[lead]!, status })) };
    }
    default:
      return { ...base, streams: [{ [lead]: search[lead]! }] };
  }
}

/** The queries of the next `limit` messages; tests look at their plans. */
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

/** What has to be read of each message to go on with the plan. */
export function fieldsOf(plan: Plan): string[] {
  return [...plan.residual.map(([field]) => field), ...(plan.ranged ? [plan.ranged.field] : [])];
}

/** Whether the message is asked for, beyond what the index has found. */
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

/** A request has 5,000 messages at most, so that every condition may go to the store. */
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

/** Digits and the plus stand before the colon. */
function beginning(text: string): { from: string; before: string } {
  return { from: text, before: `${text}:` };
}
