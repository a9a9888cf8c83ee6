import { inOrder, type Candidate } from './candidate.js';

/**
 * Messages in the order in which they are claimed, the tenants one after the other: a tenant with a million waiting takes no more of a
 * claim than any other. `turn` says with whom it begins, so that a claim of one message doesn't always serve the same.
 */
export function inTurns<T extends Candidate>(messages: readonly T[], turn: number): T[] {
  const sorted = [...messages].sort(inOrder);
  const byTenant = new Map<string, T[]>();
  for (const message of sorted) {
    const own = byTenant.get(message.tenant_id);
    if (own) own.push(message);
    else byTenant.set(message.tenant_id, [message]);
  }
  if (byTenant.size < 2) return sorted;
  const tenants = [...byTenant.keys()].sort();
  const first = turn % tenants.length;
  const lists = [...tenants.slice(first), ...tenants.slice(0, first)].map((tenant) => byTenant.get(tenant)!);
  const merged: T[] = [];
  for (let place = 0; merged.length < sorted.length; place++) {
    for (const list of lists) if (place < list.length) merged.push(list[place]!);
  }
  return merged;
}
