import type { Ledger } from '../ledger.js';
import { isCommitted, type Facts } from './facts.js';

/**
 * At every moment a day's counter is the sum of what requests on their way hold and of what committed ones have really created. After
 * recovery nobody holds anything.
 */
export function checkCounters(facts: Facts, ledger: Ledger, isRecovered: boolean): string[] {
  const { counters, requests, messages } = facts;
  const wrong: string[] = [];
  const rows = new Map<string, number>();
  for (const { requestId, isDuplicate } of messages.values())
    if (!isDuplicate) rows.set(requestId, (rows.get(requestId) ?? 0) + 1);
  const expected = new Map<string, number>();
  const held = new Map(counters.map(({ _id, holds }) => [_id, holds]));
  for (const request of requests.values()) {
    if (!isCommitted(request) || !request.counter_id || held.get(request.counter_id)?.[request._id]) continue;
    const created = request.expanded ? (rows.get(request._id) ?? 0) : request.total_created;
    expected.set(request.counter_id, (expected.get(request.counter_id) ?? 0) + created);
  }
  for (const { _id, used, holds } of counters) {
    const waiting = Object.entries(holds);
    const sum = waiting.reduce((total, [, { n }]) => total + n, expected.get(_id) ?? 0);
    if (used !== sum) wrong.push(`${_id} says ${used} are used; messages and ${waiting.length} holds make ${sum}`);
    const limit = ledger.limits.get(_id.split(':')[1]!);
    if (limit !== undefined && used > limit) wrong.push(`${_id} says ${used} are used of ${limit}`);
    if (isRecovered && waiting.length > 0) wrong.push(`${_id} still has ${waiting.length} holds`);
  }
  return wrong;
}
