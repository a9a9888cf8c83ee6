import { Api } from '../support/api.js';
import { must } from '../support/people.js';
import type { Ledger } from './ledger.js';

export const ADMIN = { username: 'admin', password: 'correct-horse-battery' };
export const GROUP = 'pool';
const LITTLE = 400;

/** Who sends in a chaos, by the headers they send with. They outlive the gateway. */
export interface Shop {
  templateId: string;
  admin: Record<string, string>;
  keys: Record<string, string>[];
  /** A key that soon has used up its day. */
  limited: Record<string, string>;
}

export async function openShop(url: string, ledger: Ledger): Promise<Shop> {
  const nobody = new Api(url);
  const { access_token } = must(200, await nobody.post('/auth/login', ADMIN));
  const admin = { authorization: `Bearer ${access_token}` };
  const api = nobody.as(admin);
  const { id } = must(201, await api.post('/templates', { name: 'otp', content: 'Ma OTP {CODE}' }));
  must(200, await api.post(`/templates/${id}/approve`));
  const key = async (rate_limit_per_day: number): Promise<Record<string, string>> => {
    const scopes = ['sms:send', 'sms:read'];
    const created = await api.post('/admin/api-keys', { client_name: 'SafeShop', scopes, rate_limit_per_day });
    const { id: keyId, plain_key } = must(201, created);
    ledger.limits.set(keyId, rate_limit_per_day);
    return { 'x-api-key': plain_key };
  };
  const keys = [await key(10_000_000), await key(10_000_000), await key(10_000_000)];
  return { templateId: id, admin, keys, limited: await key(LITTLE) };
}

/** Puts every phone whose device begins with `prefix` into the group; answers their ids. */
export async function groupPhones(url: string, shop: Shop, prefix: string, groups: string[]): Promise<string[]> {
  const api = new Api(url).as(shop.admin);
  const { items } = must(200, await api.get('/admin/agents?limit=100'));
  const ids: string[] = items
    .filter((agent: { device_id: string }) => agent.device_id.startsWith(prefix))
    .map((agent: { agent_id: string }) => agent.agent_id);
  for (const id of ids) must(200, await api.patch(`/admin/agents/${id}`, { groups }));
  return ids;
}
