import { messageId, newId } from '../../src/common/ids.js';
import { asTenantId } from '../../src/common/tenant-id.js';
import { ClientsService } from '../../src/notifications/smss-surface/clients.service.js';
import { ParkedRepository } from '../../src/parking/parked.repository.js';
import type { Ids } from './call-maker.js';
import { People } from '../../src/people/people.js';
import { Pool } from '../../src/proxy/pool.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { Sessions } from '../../src/proxy/sessions.js';
import { importCsv, worked } from './csv.js';
import type { TestGateway } from './gateway.js';
import { ID_KINDS, idPlaces, type IdKind } from './id-places.js';
import type { Operation } from './open-api.js';
import { addPerson, must } from './people.js';
import { approvedTemplate, createKey, registerPhone, type Shop } from './shop.js';

const PREFIX: Record<IdKind, string> = {
  tenant: 'ten',
  user: 'usr',
  api_key: 'key',
  template: 'tpl',
  agent: 'agt',
  request: 'req',
  message: 'msg',
  import: 'imp',
  parked: 'msg',
  session: '',
  participant: 'par',
  client: 'cli',
  person: 'per',
  notification: 'ntf',
  push_token: 'tok',
  topic: 'top',
};
/** Well-formed ids that name no row. */
export const NOWHERE = Object.fromEntries(
  ID_KINDS.map((kind) => [kind, kind === 'session' ? '0'.repeat(32) : `${PREFIX[kind]}_${'0'.repeat(26)}`]),
) as Ids;

/** Rows of the default tenant, created for one operation, so that its changes disturb no other test. */
export async function newRows(gateway: TestGateway, operation: Operation, shop: Shop): Promise<Ids> {
  const kinds = new Set(idPlaces(operation).map(({ kind }) => kind));
  const ids = { ...NOWHERE };
  for (const kind of kinds) ids[kind] = await newRow(gateway, kind, shop, 'default');
  if (kinds.has('participant')) ids.participant = await participantOf(gateway, ids.session);
  // Only messages that won't be sent automatically can be sent again.
  if (operation.path.endsWith('/resend')) must(200, await shop.client.post(`/messages/${ids.message}/cancel`));
  if (operation.path.endsWith('/subscribers/{id}'))
    must(200, await shop.admin.put(`/topics/${ids.topic}/subscribers/${ids.person}`));
  return ids;
}

let codes = 0;
let sessions = 0;
let clients = 0;
let told = 0;

export async function newRow(gateway: TestGateway, kind: IdKind, shop: Shop, slug: string): Promise<string> {
  switch (kind) {
    case 'tenant':
      return tenantId(gateway, slug);
    case 'user':
      return (await addPerson(gateway, shop.admin, 'viewer')).id;
    case 'api_key':
      return (await createKey(shop.admin, ['sms:read'])).id;
    case 'template':
      return approvedTemplate(shop.admin, 'Ma OTP {CODE}');
    case 'agent':
      return (await registerPhone(gateway, { tenant: slug })).agentId;
    case 'request':
      return newRequest(shop);
    case 'import': {
      const parameters = { template_id: shop.templateId, agent_id: shop.phone.agentId };
      const accepted = await importCsv(shop.client, `to,CODE\n0901234567,${++codes}`, parameters);
      // Finished, so that nothing changes on its own in a test that compares every row.
      return (await worked(gateway, shop.client, accepted)).import_id;
    }
    case 'parked': {
      const tenant_id = asTenantId(await tenantId(gateway, slug));
      const _id = messageId(newId('req'), 0);
      const reason = 'It could not be read.';
      const row = { _id, tenant_id, kind: 'message' as const, since: gateway.clock.now(), reason, sight: { rev: 1 } };
      await gateway.get(ParkedRepository).put(row);
      return _id;
    }
    case 'client': {
      const tenant = asTenantId(await tenantId(gateway, slug));
      const contact = `+2010091${String(++clients).padStart(5, '0')}`;
      await gateway.get(ClientsService).wasSent(tenant, contact, messageId(newId('req'), 0));
      const [client] = await gateway.store.collection<{ _id: string; contact: string }>('clients').find({ contact });
      return client!._id;
    }
    case 'session': {
      const tenant = asTenantId(await tenantId(gateway, slug));
      const owner = { carrier: 'flowroute' };
      const number = `+1206555${1000 + ++sessions}`;
      await gateway.get(Pool).add(tenant, { number, owner, channels: ['sms'], mode: 'shared' });
      const participants = [1, 2].map((i) => ({
        address: `+120255${String(sessions * 10 + i).padStart(5, '0')}`,
        channel: 'sms' as const,
      }));
      const opened = await gateway.get(Sessions).open(tenant, { participants, numbers: 'each' });
      return (opened as { session: { _id: string } }).session._id;
    }
    case 'participant':
      return participantOf(gateway, await newRow(gateway, 'session', shop, slug));
    case 'person':
      return must(201, await shop.admin.post('/people', { name: 'An' })).id;
    case 'notification': {
      const send_at = new Date(gateway.clock.now().getTime() + 3_600_000).toISOString();
      const body = { to: { phone: '+84901234567' }, text: `told ${++told}`, send_at };
      return must(201, await shop.admin.post('/notifications', body)).notification_id;
    }
    case 'push_token': {
      const tenant = asTenantId(await tenantId(gateway, slug));
      return (await gateway.get(People).registered(tenant, [{ kind: 'token', value: `device-${++told}` }]))[0]!._id;
    }
    case 'topic': {
      const name = `topic-of-${slug}-${++told}`;
      return must(201, await shop.admin.post('/topics', { name })).name;
    }
    case 'message': {
      const answer = await shop.client.get(`/messages?request_id=${await newRequest(shop)}`);
      return must(200, answer).items[0].message_id;
    }
  }
}

async function participantOf(gateway: TestGateway, session: string): Promise<string> {
  const found = await gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ _id: session });
  return found!.participants[0]!.id;
}

async function newRequest(shop: Shop): Promise<string> {
  const answer = await shop.client.post('/requests', {
    template_id: shop.templateId,
    agent_id: shop.phone.agentId,
    messages: [{ to: '+84901234567', variables: { CODE: String(++codes) } }],
  });
  return must(201, answer).request_id;
}

async function tenantId(gateway: TestGateway, slug: string): Promise<string> {
  const { items } = must(200, await (await gateway.admin()).get('/admin/tenants?limit=500'));
  return items.find((tenant: { slug: string }) => tenant.slug === slug).id;
}
