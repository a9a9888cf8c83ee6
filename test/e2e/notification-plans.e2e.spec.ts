import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Doc, Sort, Update, Where } from '../../src/database/query.js';
import type { EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { wrapStore, type Call } from '../../src/database/wrapped-store.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { NotificationsRepository } from '../../src/notifications/notifications.repository.js';
import { RecipientsRepository } from '../../src/notifications/recipients.repository.js';
import { ClientsRepository } from '../../src/notifications/smss-surface/clients.repository.js';
import { TokenNotificationsRepository } from '../../src/notifications/token-notifications.repository.js';
import { SubscriptionsRepository } from '../../src/notifications/topics/subscriptions.repository.js';
import { TopicsRepository } from '../../src/notifications/topics/topics.repository.js';
import { ConfirmationsRepository } from '../../src/people/confirmations/confirmations.repository.js';
import { PeopleRepository } from '../../src/people/people.repository.js';
import { PushTokensRepository } from '../../src/people/push-tokens.repository.js';
import { TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());

const TENANT = 'ten_1' as TenantId;
const AT = new Date('2126-11-21T10:00:00Z');
const SPAN = { from: AT, to: new Date('2126-11-21T11:00:00Z') };
const DEAD = { code: '550', at: AT };
/** Of any collection: what a change needs to know. */
const ROW = { _id: 'row_1', tenant_id: TENANT, rev: 1 } as never;

interface Query {
  name: string;
  filter: Where;
  sort?: Sort | undefined;
}

/** What repositories ask the store, by calling them. */
async function queriesOf(call: (store: TestGateway['store']) => Promise<unknown>[]): Promise<Query[]> {
  const queries: Query[] = [];
  const store = wrapStore(gateway.store, (asked, run) => {
    queries.push(...read(asked));
    return run(...asked.args);
  });
  await Promise.all(call(store));
  return queries;
}

function read({ collection: name, operation, args: [first, second] }: Call): Query[] {
  if (operation.startsWith('insert')) return [];
  if (operation === 'updateEach') return (first as { filter: Where }[]).map(({ filter }) => ({ name, filter }));
  const isFound = operation === 'find' || operation === 'findOne';
  return [{ name, filter: first as Where, sort: isFound ? (second as { sort?: Sort } | undefined)?.sort : undefined }];
}

const SET: Update = { $set: { title: 'Xin chào' } } as Update & { $set: Partial<Doc> };

const CALLS: Record<string, (store: TestGateway['store']) => Promise<unknown>[]> = {
  notifications: (store) => {
    const repository = new NotificationsRepository(store);
    const list = (filter: object, before?: string) => repository.list(TENANT, filter, 50, 0, before);
    return [
      ...[undefined, 'ntf_9'].flatMap((before) => [
        list({}, before),
        list({ client_id: 'usr_1' }, before),
        list({ topic: 'news' }, before),
      ]),
      repository.byKey(TENANT, 'usr_1', 'key'),
      repository.byIds(TENANT, ['ntf_1', 'ntf_2']),
      repository.due(AT, 50),
      repository.first(TENANT, SPAN),
      repository.isUnderWay(TENANT, SPAN),
      repository.changeOpen(ROW, SET),
    ];
  },
  recipients: (store) => {
    const repository = new RecipientsRepository(store);
    return [
      repository.following(TENANT, ['msg_1', 'msg_2']),
      repository.due(AT, 500),
      repository.byIds(TENANT, ['rcp_1', 'rcp_2']),
      repository.changeEach([{ seen: ROW, update: SET }]),
      repository.countByOutcome(TENANT, 'ntf_1'),
      repository.notificationsWith(TENANT, 'failed'),
      repository.notificationsWith(TENANT, 'failed', 'ntf_9'),
      repository.ofNotification(TENANT, 'ntf_1', { limit: 50, after: 'rcp_1' }),
      repository.ofNotification(TENANT, 'ntf_1', { limit: 50, after: 'rcp_1', outcome: 'failed' }),
      repository.ofPerson(TENANT, 'per_1', 50, 0, 'rcp_9'),
      repository.first(TENANT, SPAN),
    ];
  },
  'which device got what': (store) => {
    const repository = new TokenNotificationsRepository(store);
    return [repository.ofToken(TENANT, 'tok_1', 50, 0, 'tnf_9'), repository.first(TENANT, SPAN)];
  },
  topics: (store) => {
    const repository = new TopicsRepository(store);
    return [repository.byName(TENANT, 'news'), repository.list(TENANT, 50, 0, 'top_9')];
  },
  subscriptions: (store) => {
    const repository = new SubscriptionsRepository(store);
    return [
      repository.of(ROW, 'per_1'),
      repository.among(ROW, ['per_1', 'per_2']),
      repository.page(ROW, 500, 'sub_1'),
      repository.ofSubscriber(TENANT, 'per_1', 50, 'sub_1'),
      repository.removeOf(TENANT, ['per_1', 'tok_1']),
    ];
  },
  'whom SMS went to': (store) => {
    const repository = new ClientsRepository(store);
    return [repository.list(TENANT, 50, 0, 'cli_9'), repository.change(TENANT, '+84901234567', SET)];
  },
  people: (store) => {
    const repository = new PeopleRepository(store);
    return [
      repository.list(TENANT, {}, 50, 0, 'per_9'),
      repository.list(TENANT, { phone: '+84901234567' }, 50, 0, 'per_9'),
      repository.list(TENANT, { email: 'an@example.com' }, 50, 0, 'per_9'),
      repository.byIds(TENANT, ['per_1', 'per_2']),
      repository.ofUser(TENANT, 'usr_1'),
      repository.withPhone(TENANT, '+84901234567'),
      repository.withEmail(TENANT, 'an@example.com'),
      repository.emailDied(TENANT, 'an@example.com', DEAD, AT),
      repository.change(ROW, SET),
    ];
  },
  'push tokens': (store) => {
    const repository = new PushTokensRepository(store);
    return [
      repository.list(TENANT, { limit: 50, skip: 0, after: 'tok_1' }),
      repository.list(TENANT, { person_id: 'per_1', limit: 50, skip: 0, after: 'tok_1' }),
      repository.byValues(TENANT, ['device-1', 'device-2']),
      repository.allOf(TENANT, 'per_1'),
      repository.ofPeople(TENANT, ['per_1', 'per_2']),
      repository.died(TENANT, { kind: 'token', value: 'device-1' }, DEAD, AT),
      repository.revive(TENANT, ['tok_1'], AT),
      repository.deadBefore(AT, 200),
      repository.removeDead(TENANT, ['tok_1'], AT),
      repository.untieAll(TENANT, 'per_1'),
    ];
  },
  confirmations: (store) => {
    const repository = new ConfirmationsRepository(store);
    return [repository.newest(TENANT, 'phone:per_1'), repository.byToken('hash')];
  },
};

/** What a query asks for that its index doesn't find; of one row, one device or one address, anything may be asked. */
function unfound(filter: Where, lines: readonly string[]): string[] {
  const plan = lines.join('\n');
  if (plan.includes('(_id=?)') || 'value' in filter || 'email' in filter) return [];
  return Object.entries(filter).flatMap(([field, value]) => {
    const isFound = plan.includes(field === '_id' ? ' _id' : `c_${field.replace('.', '__')}`);
    return isFound || Object.keys(value ?? {}).includes('$exists') ? [] : [field];
  });
}

it.each(Object.keys(CALLS))('what is asked of %s has an index', async (what) => {
  const queries = await queriesOf(CALLS[what]!);
  const { store } = gateway;
  for (const { name, filter, sort } of queries) {
    const lines = await (store as EmbeddedStore).explain(name, filter, sort);
    expect(lines).not.toEqual([]);
    const slow = lines.filter((line) => (store.kind === 'embedded' ? /SCAN|TEMP B-TREE/ : /COLLSCAN/).test(line));
    const wrong = [...slow, ...(store.kind === 'embedded' ? unfound(filter, lines) : [])];
    expect({ name, filter, sort, wrong }).toMatchObject({ wrong: [] });
  }
  expect(queries.length).toBeGreaterThan(0);
});
