import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import smsgate from 'android-sms-gateway';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { createKey, registerPhone, type Phone } from '../support/shop.js';

/** The published client. */
const ScriptClient = smsgate.default;

/** As the client wants one: it throws what it gets that isn't a 2xx. */
class Fetching {
  async call<T>(method: string, url: string, headers: Record<string, string> = {}, body?: unknown): Promise<T> {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const read = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw Object.assign(new Error(read.message), { status: response.status, body: read });
    return read as T;
  }
  get = <T>(url: string, headers?: Record<string, string>) => this.call<T>('GET', url, headers);
  post = <T>(url: string, body: unknown, headers?: Record<string, string>) => this.call<T>('POST', url, headers, body);
  put = <T>(url: string, body: unknown, headers?: Record<string, string>) => this.call<T>('PUT', url, headers, body);
  patch = <T>(url: string, body: unknown, headers?: Record<string, string>) =>
    this.call<T>('PATCH', url, headers, body);
  delete = <T>(url: string, headers?: Record<string, string>) => this.call<T>('DELETE', url, headers);
}

describe('scripts that were written for SMSGate', () => {
  let gateway: TestGateway;
  let admin: Api;
  let phone: Phone;
  let key: { id: string; plain_key: string };
  let client: InstanceType<typeof ScriptClient>;
  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    admin = await gateway.admin();
    phone = await registerPhone(gateway);
    key = await createKey(admin, ['sms:send_text', 'sms:read']);
    client = clientAt('/3rdparty/v1');
  });
  afterAll(() => gateway.stop());

  const clientAt = (path: string, login = key.id, password = key.plain_key) =>
    new ScriptClient(login, password, new Fetching(), gateway.url + path);
  const lease = async () => must(200, await phone.api.get('/agent/jobs/next?limit=100')).messages;
  const report = (ids: readonly string[], status: string) =>
    phone.api.post('/agent/messages/report', { messages: ids.map((message_id) => ({ message_id, status })) });

  it('send to several recipients under one id, and follow each', async () => {
    const phoneNumbers = ['0901234501', '+84901234502'];
    const sent = await client.send({ message: 'Xin chào', phoneNumbers, withDeliveryReport: true });
    expect(sent).toMatchObject({
      id: expect.stringMatching(/^req_/),
      state: 'Pending',
      recipients: [
        { phoneNumber: '+84901234501', state: 'Pending', error: null },
        { phoneNumber: '+84901234502', state: 'Pending', error: null },
      ],
    });
    const jobs = await lease();
    expect(jobs.map(({ text }: any) => text)).toEqual(['Xin chào', 'Xin chào']);
    const ids = jobs.map(({ message_id }: any) => message_id as string);
    await report(ids, 'SENDING');
    expect((await client.getState(sent.id)).state).toBe('Processed');
    await report(ids, 'SENT');
    await report([ids[0]!], 'DELIVERED');
    const state = await client.getState(sent.id);
    expect([state.state, ...state.recipients.map((one) => one.state)]).toEqual(['Sent', 'Delivered', 'Sent']);
  });

  it('choose their own ids; the same once more is a 409, and an unknown one a 404', async () => {
    const own = { id: 'order-17', message: 'own id', phoneNumbers: ['0901234503'], ttl: 3600, simNumber: null };
    expect(await client.send(own)).toMatchObject({ id: 'order-17', state: 'Pending' });
    await expect(client.send(own)).rejects.toMatchObject({ status: 409, body: { code: 'message_exists' } });
    expect(await client.getState('order-17')).toMatchObject({ id: 'order-17', state: 'Pending' });
    await expect(client.getState('order-18')).rejects.toMatchObject({ status: 404 });
    const message = must(200, await admin.get('/messages/all?client_reference=order-17')).items[0];
    expect(Date.parse(message.expires_at) - Date.parse(message.created_at)).toBe(3_600_000);
    await lease();
  });

  it('find the API below /api and under its newer path, too', async () => {
    const text = { message: 'below /api', phoneNumbers: ['0901234504'] };
    const { id } = await clientAt('/api/3rdparty/v1').send(text);
    expect((await clientAt('/sms/api/3rdparty/v1').getState(id)).state).toBe('Pending');
    const api = gateway.api.withBasic(key.id, key.plain_key);
    const newer = {
      textMessage: { text: 'newer' },
      phoneNumbers: ['0901234505'],
      deviceId: phone.agentId,
      priority: 100,
    };
    const { id: second } = must(202, await api.post('/3rdparty/v1/messages', newer));
    expect(must(200, await api.get(`/3rdparty/v1/messages/${second}`))).toMatchObject({ deviceId: phone.agentId });
    expect((await lease())[0]).toMatchObject({ text: 'newer', priority: 'HIGH' });
  });

  it('are told what is wrong, in a message and by 400, 401 and 403', async () => {
    const to = ['0901234506'];
    const bad = [
      [{ message: '', phoneNumbers: to }, 'message'],
      [{ message: 'x', phoneNumbers: [] }, 'phoneNumbers'],
      [{ message: 'x', phoneNumbers: ['12'] }, 'messages.0.to'],
      [{ message: 'x', phoneNumbers: to, isEncrypted: true }, 'isEncrypted'],
      [{ message: 'x', phoneNumbers: to, ttl: 5, validUntil: '2030-01-01T00:00:00Z' }, 'validUntil'],
    ] as const;
    for (const [body, field] of bad) {
      const refused = await client.send(body as never).then(
        () => null,
        (error) => error,
      );
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(field)]);
    }
    const wrong = clientAt('/3rdparty/v1', key.id, 'tlk_wrong').getState('x');
    await expect(wrong).rejects.toMatchObject({ status: 401, body: { message: expect.any(String) } });
    const other = await createKey(admin, ['proxy:manage']);
    const refused = clientAt('/3rdparty/v1', other.id, other.plain_key).send({ message: 'x', phoneNumbers: to });
    await expect(refused).rejects.toMatchObject({ status: 403 });
    const text = { message: 'not yours', phoneNumbers: to };
    const { id } = await client.send({ ...text, id: 'mine' });
    const stranger = await createKey(admin, ['sms:send_text']);
    const theirs = clientAt('/3rdparty/v1', stranger.id, stranger.plain_key);
    await expect(theirs.getState(id)).rejects.toMatchObject({ status: 404 });
    expect(await theirs.send({ ...text, message: 'theirs', id: 'mine' })).toMatchObject({ id: 'mine' });
  });

  it('see the phones, and an administrator unregisters one', async () => {
    const gone = await registerPhone(gateway, { label: 'Quầy 2' });
    expect(await client.getDevices()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: gone.agentId, name: 'Quầy 2', lastSeen: expect.any(String) }),
      ]),
    );
    await expect(client.deleteDevice(gone.agentId)).rejects.toMatchObject({ status: 403 });
    await clientAt('/3rdparty/v1', 'admin', 'correct-horse-battery').deleteDevice(gone.agentId);
    expect((await client.getDevices()).map(({ id }) => id)).not.toContain(gone.agentId);
    expect((await client.getHealth()).status).toBe('pass');
  });

  it('are told in words what there isn’t', async () => {
    expect([await client.getWebhooks(), await client.getLogs(), await client.getSettings()]).toEqual([[], [], {}]);
    const hook = { event: 'sms:received' as never, url: 'https://shop.example.com/hook' };
    const day = { deviceId: phone.agentId, since: new Date(0), until: new Date(1) };
    const absent = [
      () => client.registerWebhook(hook),
      () => client.deleteWebhook('x'),
      () => client.updateSettings({}),
      () => client.patchSettings({}),
      () => client.exportInbox(day),
    ];
    for (const call of absent)
      await expect(call()).rejects.toMatchObject({ status: 501, body: { code: 'not_available' } });
  });
});
