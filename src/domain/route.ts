/** Where a message is to leave by, as clients write it: `agent:<id>`, `group:<name>` or `carrier:<name>`. */
export type Route =
  { kind: 'agent'; agentId: string } | { kind: 'group'; group: string } | { kind: 'carrier'; carrier: string };

export const GROUP_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
export const CARRIER_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

export function parseRoute(text: string): Route | null {
  const separator = text.indexOf(':');
  const kind = text.slice(0, separator);
  const name = text.slice(separator + 1);
  if (kind === 'agent' && /^agt_[0-9a-z]{26}$/.test(name)) return { kind, agentId: name };
  if (kind === 'group' && GROUP_NAME.test(name)) return { kind, group: name };
  if (kind === 'carrier' && CARRIER_NAME.test(name)) return { kind, carrier: name };
  return null;
}

export function formatRoute(route: Route): string {
  if (route.kind === 'agent') return `agent:${route.agentId}`;
  return route.kind === 'group' ? `group:${route.group}` : `carrier:${route.carrier}`;
}

/**
 * The key a message waits under; it leads with the tenant, so a queue is never shared between tenants. A text that must leave by
 * one SIM of an agent waits apart, so that a SIM that has used up its day never stands in front of the other's texts.
 */
export function queueKey(tenant: string, route: Route, simSlot: number | null): string {
  const key = `${tenant}:${formatRoute(route)}`;
  return simSlot !== null && route.kind === 'agent' ? `${key}:sim:${simSlot}` : key;
}

/** Whether several phones take from the queue. */
export function isShared(queue: string): boolean {
  return /^[^:]+:group:/.test(queue);
}

export interface AgentQueues {
  agentId: string;
  groups: readonly string[];
  simSlots: readonly number[];
}
/** Every queue an agent takes from, with the SIM that the queue demands. */
export function agentQueues(tenant: string, agent: AgentQueues): { queue: string; simSlot: number | null }[] {
  const own: Route = { kind: 'agent', agentId: agent.agentId };
  return [
    { queue: queueKey(tenant, own, null), simSlot: null },
    ...agent.simSlots.map((slot) => ({ queue: queueKey(tenant, own, slot), simSlot: slot })),
    ...agent.groups.map((group) => ({ queue: queueKey(tenant, { kind: 'group', group }, null), simSlot: null })),
  ];
}
