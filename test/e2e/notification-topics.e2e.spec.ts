import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecipientEvents } from '../../src/carriers/recipient-events.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import type { PersonDoc } from '../../src/people/person.js';
import { People } from '../../src/people/people.js';
import type { PushTokenDoc } from '../../src/people/push-token.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { addPerson, must } from '../support/people.js';
import { isoIn } from '../support/sending.js';
import { Telling } from '../support/telling.js';

describe('a topic', () => {
  let gateway: TestGateway;
  let telling: Telling;
  let admin: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    telling = new Telling(gateway, await tenantOf(gateway));
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  const send = async (topic: string, more: object = {}) =>
    must(201, await admin.post('/notifications', { to: { topic }, text: `to ${topic}`, ...more })).notification_id;
  const spread = () => gateway.get(NotificationsWorker).run();

  it('is created, shown, listed and deleted', async () => {
    expect(must(201, await admin.post('/topics', { name: 'a.b~c%2', title: 'Tin' }))).toMatchObject({ title: 'Tin' });
    expectError(await admin.post('/topics', { name: 'a.b~c%2' }), 409, 'topic_exists', 'name');
    expectError(await admin.post('/topics', { name: 'no spaces' }), 400, 'invalid_request', 'name');
    expectError(await admin.post('/topics', { name: 'x'.repeat(201) }), 400, 'invalid_request', 'name');
    expect(must(200, await admin.get('/topics')).items).toMatchObject([{ name: 'a.b~c%2' }]);
    must(200, await admin.delete(`/topics/${encodeURIComponent('a.b~c%2')}`));
    expectError(await admin.get('/topics/a.b'), 404, 'topic_not_found');
  });

  it('tells its people and devices, each once, by their preference in it', async () => {
    must(201, await admin.post('/topics', { name: 'news' }));
    const person = await telling.person({ preference: 'email' }, ['own-device']);
    const silent = await telling.person();
    const subscribers = { people: [person._id, silent._id], tokens: ['own-device', 'strange-device'], fids: ['fid-1'] };
    expect(must(200, await admin.post('/topics/news/subscribers', subscribers))).toEqual({ added: 5, known: 0 });
    expect(must(200, await admin.post('/topics/news/subscribers', subscribers))).toEqual({ added: 0, known: 5 });
    must(200, await admin.put(`/topics/news/subscribers/${person._id}`, { preference: 'sms' }));
    must(200, await admin.put(`/topics/news/subscribers/${silent._id}`, { preference: 'none' }));
    expect(must(200, await admin.get(`/topics/news/subscribers/${person._id}`)).preference).toBe('sms');
    const id = await send('news');
    await spread();
    const recipients = await telling.recipients(id);
    expect(recipients.map(({ ways, outcome, person_id }) => [ways.join(), outcome, person_id]).sort()).toEqual([
      ['', 'skipped', silent._id],
      ['push', 'waiting', undefined],
      ['push', 'waiting', undefined],
      ['sms', 'waiting', person._id],
    ]);
    const history = must(200, await admin.get('/notifications?topic=news'));
    expect(history.items.map((one: any) => one.notification_id)).toEqual([id]);
  });

  it('forgets whoever is deleted', async () => {
    must(201, await admin.post('/topics', { name: 'gone' }));
    const person = await telling.person();
    must(200, await admin.put(`/topics/gone/subscribers/${person._id}`));
    must(204, await admin.delete(`/people/${person._id}`));
    expect(must(200, await admin.get('/topics/gone/subscribers')).items).toEqual([]);
  });

  it('tells whoever has subscribed by the time of sending', async () => {
    must(201, await admin.post('/topics', { name: 'later' }));
    const [before, after] = [await telling.person(), await telling.person()];
    must(200, await admin.put(`/topics/later/subscribers/${before._id}`));
    const id = await send('later', { send_at: isoIn(gateway, 600) });
    must(200, await admin.put(`/topics/later/subscribers/${after._id}`));
    must(200, await admin.delete(`/topics/later/subscribers/${before._id}`));
    await spread();
    expect(await telling.recipients(id)).toEqual([]);
    gateway.clock.advance(601);
    await spread();
    expect((await telling.recipients(id)).map(({ person_id }) => person_id)).toEqual([after._id]);
  });

  it('of thousands is gone through in pages, with whom the notification names as well', async () => {
    must(201, await admin.post('/topics', { name: 'many' }));
    const fids = Array.from({ length: 1200 }, (_, i) => `many-${i}`);
    must(200, await admin.post('/topics/many/subscribers', { fids }));
    const to = [{ topic: 'many' }, { email: 'also@example.com' }];
    const { notification_id } = must(201, await admin.post('/notifications', { to, text: 'to many' }));
    await spread();
    const recipients = await telling.recipients(notification_id);
    expect(recipients).toHaveLength(1201);
    const ids = recipients.flatMap(({ attempts }) => attempts.map(({ message_id }) => message_id));
    expect(await telling.messages(ids)).toHaveLength(1201);
    expect(must(200, await admin.get(`/notifications/${notification_id}`)).state).toBe('spread');
  });

  it('is subscribed to by members for themselves', async () => {
    const member = await addPerson(gateway, admin, 'member');
    must(201, await admin.post('/topics', { name: 'own', title: 'Của tôi' }));
    expectError(await member.api.put('/me/topics/nowhere'), 404, 'topic_not_found');
    must(200, await member.api.put('/me/topics/own', { preference: 'push' }));
    must(200, await member.api.put('/me/topics/own'));
    const own = { name: 'own', title: 'Của tôi', preference: 'push' };
    expect(must(200, await member.api.get('/me/topics')).items).toMatchObject([own]);
    must(200, await member.api.delete('/me/topics/own'));
    must(200, await member.api.delete('/me/topics/own'));
    expect(must(200, await member.api.get('/me/topics')).items).toEqual([]);
    expectError(await member.api.get('/topics'), 403, 'forbidden');
  });

  it('subscribes all of a list, or nobody when one of them is unknown', async () => {
    must(201, await admin.post('/topics', { name: 'whole' }));
    const { _id } = await telling.person();
    const body = { people: [_id, 'per_nobody'], tokens: ['t-1'] };
    expectError(await admin.post('/topics/whole/subscribers', body), 404, 'person_not_found', 'people.1');
    expect(must(200, await admin.get('/topics/whole/subscribers')).items).toEqual([]);
    expectError(await admin.put('/topics/whole/subscribers/tok_nobody'), 404, 'subscriber_not_found');
  });

  describe('of a device', () => {
    it('shows which notifications the device got, and what became of each', async () => {
      const person = await telling.person({ preference: 'push' }, ['table-1']);
      const text = 'in the table';
      const { notification_id } = must(
        201,
        await admin.post('/notifications', { to: { person_id: person._id }, text }),
      );
      await telling.becomes(notification_id, { outcome: 'sent' });
      const tokens = must(200, await admin.get(`/push-tokens?person_id=${person._id}`)).items;
      expect(tokens).toMatchObject([{ kind: 'token', value: 'table-1', dead: null }]);
      const got = must(200, await admin.get(`/push-tokens/${tokens[0].token_id}/notifications`));
      expect(got.items).toMatchObject([{ notification_id, outcome: 'sent', last_error: null }]);
      expectError(await admin.get('/push-tokens/tok_nobody/notifications'), 404, 'push_token_not_found');
    });
  });

  it('takes a dead device as alive when it subscribes again, and not when somebody sends to it', async () => {
    must(201, await admin.post('/topics', { name: 'devices' }));
    const subscribe = () => admin.post('/topics/devices/subscribers', { tokens: ['drawer'] });
    const tokens = gateway.store.collection<PushTokenDoc>('push_tokens');
    const dead = async () => (await tokens.findOne({ value: 'drawer' }))!.dead?.code ?? null;
    must(200, await subscribe());
    const now = gateway.clock.now();
    const event = { tenant: telling.tenant, kind: 'dead_address', channel: 'push', address: 'token:drawer' } as const;
    const said = { sender: null, carrier: 'fcm', code: 'UNREGISTERED', at: now, sent_at: now };
    await gateway.get(RecipientEvents).tell({ ...event, ...said });
    gateway.clock.advance(60);
    must(201, await admin.post('/notifications', { to: { token: 'drawer' }, text: 'to a drawer' }));
    expect(await dead()).toBe('UNREGISTERED');
    must(200, await subscribe());
    expect(await dead()).toBe(null);
  });

  describe('a text by template', () => {
    it('is in the language of each person, as far as there is one', async () => {
      const template = must(
        201,
        await admin.post('/templates', {
          name: 'hello',
          title: 'Hello {NAME}',
          content: 'Your code: {CODE}',
          translations: { vi: { title: 'Chào {NAME}', content: 'Mã: {CODE}' }, pt: { content: 'Código: {CODE}' } },
        }),
      );
      must(200, await admin.post(`/templates/${template.id}/approve`));
      const people: PersonDoc[] = [];
      for (const language of ['vi', 'pt-BR', 'fr', null]) people.push(await telling.person({ language }));
      const to = people.map(({ _id }) => ({ person_id: _id }));
      const body = { to, template_id: template.id, channels: ['email'] };
      expectError(
        await admin.post('/notifications', { ...body, variables: { CODE: 1 } }),
        400,
        'invalid_request',
        'variables.NAME',
      );
      must(201, await admin.post('/notifications', { ...body, variables: { CODE: 1, NAME: 'An' } }));
      await telling.turn();
      for (let i = 0; i < 50 && telling.told('email', ': 1') < 4; i++) await telling.turn();
      const told = people.map(({ email }) => telling.carriers.email.sent.find(({ to }) => to === email)!);
      expect(told.map(({ subject, text }) => [subject, text])).toEqual([
        ['Chào An', 'Mã: 1'],
        ['Hello An', 'Código: 1'],
        ['Hello An', 'Your code: 1'],
        ['Hello An', 'Your code: 1'],
      ]);
    });

    it('has to be approved again when a translation changes', async () => {
      const fields = { name: 'changing', content: 'a', translations: { vi: { content: 'á' } } };
      const template = must(201, await admin.post('/templates', fields));
      must(200, await admin.post(`/templates/${template.id}/approve`));
      const change = { translations: { vi: { content: 'ạ {X}' } } };
      const changed = must(200, await admin.put(`/templates/${template.id}`, change));
      expect(changed).toMatchObject({ is_approved: false, version: 2, variables: ['X'], content: 'a' });
      expectError(
        await admin.post('/templates', { ...fields, translations: { 'not a tag': { content: 'x' } } }),
        400,
        'invalid_request',
        'translations.not a tag',
      );
    });
  });

  it('waits for the end of somebody’s quiet hours, unless it is critical', async () => {
    const person = await telling.person();
    const people = gateway.get(People);
    const until = new Date(gateway.clock.now().getTime() + 3_600_000);
    people.quietUntil = ({ _id }) => (_id === person._id ? until : null);
    const to = { person_id: person._id };
    const waiting = must(201, await admin.post('/notifications', { to, text: 'hush' }));
    const critical = must(201, await admin.post('/notifications', { to, text: 'fire', critical: true }));
    const schedule = ({ recipients }: any) => recipients.items[0].attempts[0].schedule_at;
    expect([schedule(waiting), schedule(critical)]).toEqual([until.toISOString(), null]);
  });
});
