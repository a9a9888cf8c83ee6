import type { Store } from './collection.js';
import type { Doc } from './query.js';

interface AgentDoc extends Doc {
  sims: readonly { slot: number; daily_cap?: number | null }[];
  sim_caps?: Record<string, number>;
}

/** The caps were stored with the phone's own data about its SIMs. A document that has them in their own field was already migrated. */
export async function separateCaps(store: Store): Promise<void> {
  const agents = store.collection<AgentDoc>('agents');
  for await (const page of agents.pages({ sim_caps: null })) {
    await agents.updateEach(
      page.map(({ _id, sims }) => ({ filter: { _id, sim_caps: null }, update: { $set: { sim_caps: capsOf(sims) } } })),
    );
  }
}

function capsOf(sims: AgentDoc['sims']): Record<string, number> {
  return Object.fromEntries(sims.flatMap(({ slot, daily_cap }) => (daily_cap == null ? [] : [[slot, daily_cap]])));
}
