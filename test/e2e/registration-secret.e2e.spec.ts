import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';

const PATH = '/admin/agent/registration-secret';

let gateway: TestGateway;
let admin: Api;
let phones = 0;
const set = async (registration_secret: string) => must(200, await admin.put(PATH, { registration_secret }));
const shown = async () => must(200, await admin.get(PATH));
const register = (registration_secret?: string, tenant?: string): Promise<Answer> =>
  gateway.api.post('/agent/register', { device_id: `secret-${++phones}`, registration_secret, tenant });

describe('the secret that phones register with', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  it('is off at first, and anybody may register while developing', async () => {
    expect(await shown()).toEqual({ registration_secret: '', configured: false });
    expect((await register()).status).toBe(201);
    expect((await register('any')).status).toBe(201);
  });

  it('is asked for at once when it is set, and no more when it is set to nothing', async () => {
    expect(await set('  open-sesame ')).toEqual({ registration_secret: 'open-sesame', configured: true });
    expect(await shown()).toEqual({ registration_secret: 'open-sesame', configured: true });
    for (const wrong of [undefined, '', 'open-sesam', 'open-sesame!', 'OPEN-SESAME'])
      expectError(await register(wrong), 403, 'forbidden');
    expect((await register('open-sesame')).status).toBe(201);

    expect(await set('')).toEqual({ registration_secret: '', configured: false });
    expect((await register()).status).toBe(201);
  });

  it('is refused when it is missing, no text, blank or short, and stays what it was', async () => {
    await set('open-sesame');
    for (const body of [undefined, 'null', [], '"open-sesame"']) expect((await admin.put(PATH, body)).status).toBe(400);
    expectError(await admin.put(PATH, {}), 400, 'invalid_request', 'registration_secret');
    const values: unknown[] = [null, 12345678, true, ['open-sesame'], { $ne: null }, ' ', '        ', 'a', '1234567'];
    values.push(' 1234567 ', '\t\n', 'x'.repeat(201));
    for (const body of values.map((registration_secret) => ({ registration_secret })))
      expectError(await admin.put(PATH, body), 400, 'invalid_request', 'registration_secret');
    expectError(await admin.put(PATH, { registration_secret: 'open-sesame', x: 1 }), 400, 'invalid_request', 'x');
    expect((await shown()).registration_secret).toBe('open-sesame');
    expect((await set('12345678')).registration_secret).toBe('12345678');
  });

  it('of an unknown tenant is as wrong as any', async () => {
    await set('open-sesame');
    const unknown = await register('open-sesame', 'nowhere');
    const wrong = await register('wrong-secret');
    expectError(unknown, 403, 'forbidden');
    expect(unknown.body.message).toBe(wrong.body.message);
  });

  it('is not in the store as it is', async () => {
    await set('open-sesame');
    const rows = await gateway.store.collection('app_config').find({}, {});
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('open-sesame');
  });
});

describe('the secret of the environment', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_REGISTRATION_SECRET: 'from-environment' });
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  it('is each tenant’s own; the environment’s is the default tenant’s', async () => {
    const acme = (await addTenant(gateway, admin, 'acme')).admin.api;
    expect(must(200, await acme.get(PATH))).toEqual({ registration_secret: '', configured: false });
    must(200, await acme.put(PATH, { registration_secret: 'acme-secret' }));
    expect((await shown()).registration_secret).toBe('from-environment');

    expectError(await register('from-environment', 'acme'), 403, 'forbidden');
    expectError(await register('acme-secret'), 403, 'forbidden');
    const { agent_id } = must(201, await register('acme-secret', 'acme'));
    expect((await acme.get(`/admin/agents/${agent_id}`)).status).toBe(200);
    expectError(await admin.get(`/admin/agents/${agent_id}`), 404, 'agent_not_found');
  });

  it('is the environment’s until one is stored, also an empty one, and stays so after a restart', async () => {
    expect(await shown()).toEqual({ registration_secret: 'from-environment', configured: true });
    expectError(await register(), 403, 'forbidden');
    expect((await register('from-environment')).status).toBe(201);

    await set('open-sesame');
    await gateway.restart();
    admin = await gateway.admin();
    expect((await shown()).registration_secret).toBe('open-sesame');
    expectError(await register('from-environment'), 403, 'forbidden');

    await set('');
    await gateway.restart();
    admin = await gateway.admin();
    expect(await shown()).toEqual({ registration_secret: '', configured: false });
    expect((await register()).status).toBe(201);
  });
});

describe('registration in production without a secret', () => {
  afterAll(() => gateway.stop());

  it('is closed until an administrator sets one', async () => {
    gateway = await TestGateway.start({
      APP_ENV: 'production',
      JWT_SECRET: 'k7Qm2zVd9xRt4LpW8sYc1bNf6hGj3aEu',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    admin = await gateway.admin();
    const body = { device_id: 'phone', registration_secret: 'open-sesame' };
    expectError(await gateway.api.post('/agent/register', body), 403, 'forbidden');
    must(200, await admin.put(PATH, { registration_secret: 'open-sesame' }));
    expect((await gateway.api.post('/agent/register', body)).status).toBe(201);
    must(200, await admin.put(PATH, { registration_secret: '' }));
    expectError(await gateway.api.post('/agent/register', { device_id: 'other' }), 403, 'forbidden');
  });
});
