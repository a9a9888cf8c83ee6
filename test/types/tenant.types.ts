/**
 * Checked by `tsc --noEmit` and never run: each marked line has to be refused by the compiler. When one isn't any more, its mark
 * is the error.
 */
import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import type { Collection } from '../../src/database/collection.js';
import { TenantCollection, type TenantDoc, type TenantFilter } from '../../src/database/tenant-collection.js';
import type { AgentsRepository } from '../../src/agents/agents.repository.js';
import type { ApiKeysRepository } from '../../src/api-keys/api-keys.repository.js';
import type { MessagesRepository } from '../../src/messages/messages.repository.js';
import type { RequestsRepository } from '../../src/requests/requests.repository.js';
import type { TemplatesRepository } from '../../src/templates/templates.repository.js';
import type { UsersRepository } from '../../src/users/users.repository.js';

interface Row extends TenantDoc {
  name: string;
  lease?: { holder: string };
}
declare const collection: Collection<Row>;
declare const tenant: TenantId;
const rows = new TenantCollection(collection);

export const allowed = [
  () => rows.findOne(tenant, { _id: 'a' }),
  () => rows.find(asTenantId('ten_1'), { name: 'a', 'lease.holder': 'agt_1' }),
  () => rows.insertOne(tenant, { _id: 'a', name: 'a' }),
];

export const withoutTenant = [
  // @ts-expect-error -- a filter alone says nothing of the tenant
  () => rows.findOne({ _id: 'a' }),
  // @ts-expect-error -- nor does it for many
  () => rows.find({ name: 'a' }, { limit: 10 }),
  // @ts-expect-error -- counting tells of others' rows too
  () => rows.count({ name: 'a' }),
  // @ts-expect-error -- counting by value as well
  () => rows.countBy({ name: 'a' }, 'name'),
  // @ts-expect-error -- a row without its tenant would belong to nobody
  () => rows.insertOne({ _id: 'a', name: 'a' }),
  // @ts-expect-error -- a write needs it as a read does
  () => rows.updateOne({ _id: 'a' }, { $set: { name: 'b' } }),
  // @ts-expect-error -- a compare-and-set is a write
  () => rows.findOneAndUpdate({ _id: 'a' }, { $set: { name: 'b' } }),
  // @ts-expect-error -- so is a deletion
  () => rows.deleteOne({ _id: 'a' }),
];

export const withAnyString = [
  // @ts-expect-error -- a string from a body or a header is no tenant
  () => rows.findOne('ten_1', { _id: 'a' }),
  // @ts-expect-error -- nor is another kind of id
  () => rows.find('usr_1' as string, {}),
  // @ts-expect-error -- nothing can be undefined where a tenant is asked for
  () => rows.find(undefined, {}),
  // @ts-expect-error -- the brand is the compiler's: no literal has it
  () => rows.deleteOne({ brand: true }, { _id: 'a' }),
];

export const withTenantInside = [
  // @ts-expect-error -- the tenant is given apart, so that a filter can't name another
  () => rows.findOne(tenant, { _id: 'a', tenant_id: tenant }),
  // @ts-expect-error -- not by an operator either
  () => rows.find(tenant, { tenant_id: { $ne: tenant } }),
  // @ts-expect-error -- nor by a path into it
  () => rows.find(tenant, { 'tenant_id.x': 'a' }),
  // @ts-expect-error -- a filter that was built before is held to the same
  (): TenantFilter<Row> => ({ name: 'a', tenant_id: tenant }),
  // @ts-expect-error -- no update hands a row to another tenant
  () => rows.updateOne(tenant, { _id: 'a' }, { $set: { tenant_id: tenant } }),
  // @ts-expect-error -- nor takes it from its own
  () => rows.findOneAndUpdate(tenant, { _id: 'a' }, { $unset: { tenant_id: '' } }),
  // @ts-expect-error -- a new row can't bring its own tenant
  () => rows.insertOne(tenant, { _id: 'a', name: 'a', tenant_id: tenant }),
];

export const withAField = [
  // @ts-expect-error -- a misspelt field would match nothing, or everything
  () => rows.find(tenant, { nmae: 'a' }),
];

declare const agents: AgentsRepository;
declare const keys: ApiKeysRepository;
declare const messages: MessagesRepository;
declare const requests: RequestsRepository;
declare const templates: TemplatesRepository;
declare const users: UsersRepository;

export const repositories = [
  // @ts-expect-error -- an id alone finds no agent
  () => agents.byId('agt_1'),
  // @ts-expect-error -- a string is no tenant
  () => agents.byId('ten_1', 'agt_1'),
  // @ts-expect-error -- an id alone finds no key
  () => keys.byId('key_1'),
  // @ts-expect-error -- a string is no tenant
  () => keys.byId('ten_1', 'key_1'),
  // @ts-expect-error -- an id alone finds no message
  () => messages.byId('msg_1'),
  // @ts-expect-error -- a string is no tenant
  () => messages.list('ten_1', {}, 10, 0),
  // @ts-expect-error -- an id alone finds no request
  () => requests.byId('req_1'),
  // @ts-expect-error -- a string is no tenant
  () => requests.byId('ten_1', 'req_1'),
  // @ts-expect-error -- an id alone finds no template
  () => templates.byId('tpl_1'),
  // @ts-expect-error -- a string is no tenant
  () => templates.byId('ten_1', 'tpl_1'),
  // @ts-expect-error -- an id alone finds no user
  () => users.byId('usr_1'),
  // @ts-expect-error -- a string is no tenant
  () => users.byId('ten_1', 'usr_1'),
];
