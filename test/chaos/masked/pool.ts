import { startPhones, type Fleet } from '../../../android-agent-sim/index.js';
import { Api } from '../../support/api.js';
import { must } from '../../support/people.js';
import { impatient } from '../load.js';
import { ADMIN } from '../shop.js';

const PHONES = 4;
const SIMS = 2;
export const EXCLUSIVE = PHONES;
/** What the tenant says, short enough to be named in a fault point. */
export const WORDS = { ORG_NAME: 'shop', SESSION_START_MSG: 'START', SESSION_END_MSG: 'END', NO_SESSION_MSG: 'NONE' };
export const [START, END, NONE] = ['[SHOP]: START', '[SHOP]: END', '[SHOP]: NONE'] as const;

/** A number of the pool, with the phone that has it. */
export interface PoolNumber {
  number: string;
  slot: number;
  token: string;
}

/** Who uses the gateway: an administrator, and phones whose SIMs are the pool, one exclusive and one shared. */
export interface MaskedShop {
  admin: Record<string, string>;
  fleet: Fleet;
  numbers: ReadonlyMap<string, PoolNumber>;
}

/** `gateway`: the real address; `phones`: the one that the phones call. */
export async function openMaskedShop(gateway: string, phones: string, seed: number): Promise<MaskedShop> {
  const nobody = new Api(gateway);
  const { access_token } = must(200, await nobody.post('/auth/login', ADMIN));
  const admin = { authorization: `Bearer ${access_token}` };
  const api = nobody.as(admin);
  const options = { url: phones, device: 'pool', phones: PHONES, sims: SIMS, wait: 1, latency: [1, 20] } as const;
  const fleet = await startPhones({ ...options, deliveryLatency: [1, 40], seed }, { timers: impatient });
  const { items } = must(200, await api.get('/admin/agents?limit=100'));
  const numbers = new Map<string, PoolNumber>();
  for (const [i, { device, agentToken }] of fleet.phones.entries()) {
    const { agent_id } = items.find((agent: { device_id: string }) => agent.device_id === device);
    for (let slot = 0; slot < SIMS; slot++) {
      const number = `+8490600000${i * SIMS + slot}`;
      const mode = slot === 0 ? 'exclusive' : 'shared';
      must(201, await api.post('/admin/tns', { number, agent_id, sim_slot: slot, mode }));
      numbers.set(number, { number, slot, token: agentToken! });
    }
  }
  return { admin, fleet, numbers };
}
