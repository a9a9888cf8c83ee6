import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';

const SECRET = 'a-shared-secret';

describe('registering a phone', () => {
  let gateway: TestGateway;
  let admin: Api;
  let devices = 0;

  const register = (body: Record<string, unknown>, api = gateway.api) =>
    api.post('/sms/agent/register', { registration_secret: SECRET, ...body });
  const newDevice = () => `device-${++devices}`;
  const poll = (token: string) => gateway.api.withToken(token).get('/agent/jobs/next');

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_REGISTRATION_SECRET: SECRET });
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  it('gives a new device an id and a token without a dot', async () => {
    const { status, body } = await register({ device_id: newDevice(), label: 'Android-01' });
    expect(status).toBe(201);
    expect(body).toEqual({
      status: 'ok',
      agent_id: expect.stringMatching(/^agt_[0-9a-z]{26}$/),
      agent_token: expect.stringMatching(/^[^.]{40,}$/),
    });
    expect((await poll(body.agent_token)).status).toBe(200);
  });

  it('gives a known device a new token and ends the old one at once', async () => {
    const device_id = newDevice();
    const first = await register({ device_id, label: 'Old name' });
    expect((await poll(first.body.agent_token)).status).toBe(200);

    const again = await register({ device_id, label: 'New name' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({
      status: 'rotated',
      agent_id: first.body.agent_id,
      agent_token: expect.not.stringMatching(first.body.agent_token),
    });
    expect((await poll(first.body.agent_token)).status).toBe(401);
    expect((await poll(again.body.agent_token)).status).toBe(200);
    expect((await admin.get(`/admin/agents/${first.body.agent_id}`)).body.label).toBe('New name');
  });

  it.each([false, 0, '0', 'false'])('leaves the token alone with rotate_token %j', async (rotate_token) => {
    const device_id = newDevice();
    const first = await register({ device_id, rotate_token });
    expect(first.status).toBe(201);
    const again = await register({ device_id, rotate_token, app_version: '2.0' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ status: 'exists', agent_id: first.body.agent_id });
    expect((await poll(first.body.agent_token)).status).toBe(200);
    expect((await admin.get(`/admin/agents/${first.body.agent_id}`)).body.app_version).toBe('2.0');
  });

  it.each([true, 1, '1', 'true', null])('rotates with rotate_token %j', async (rotate_token) => {
    const device_id = newDevice();
    await register({ device_id });
    expect((await register({ device_id, rotate_token })).body.status).toBe('rotated');
  });

  it.each([['wrong'], ['a-shared-secret-'], [''], [undefined], [null]])(
    'refuses the secret %j',
    async (registration_secret) => {
      const device_id = newDevice();
      const { status, body } = await register({ device_id, registration_secret });
      expect(status).toBe(403);
      expect(body).toMatchObject({ success: false, error: 403, code: 'forbidden' });
      expect((await register({ device_id })).status).toBe(201);
    },
  );

  it('refuses a known device without the secret and keeps its token', async () => {
    const device_id = newDevice();
    const { body } = await register({ device_id });
    expect((await register({ device_id, registration_secret: 'wrong' })).status).toBe(403);
    expect((await poll(body.agent_token)).status).toBe(200);
  });

  it('lets a phone with its token update itself without the secret', async () => {
    const device_id = newDevice();
    const first = await register({ device_id });
    const self = gateway.api.withToken(first.body.agent_token);
    const update = { device_id, label: 'Renamed', registration_secret: undefined };

    const kept = await register({ ...update, rotate_token: false }, self);
    expect(kept.body).toEqual({ status: 'exists', agent_id: first.body.agent_id });
    expect((await admin.get(`/admin/agents/${first.body.agent_id}`)).body.label).toBe('Renamed');

    const rotated = await register(update, self);
    expect(rotated.body).toMatchObject({ status: 'rotated', agent_id: first.body.agent_id });
    expect((await poll(first.body.agent_token)).status).toBe(401);
    // The dead token proves nothing any more.
    expect((await register(update, self)).status).toBe(403);
  });

  it('keeps two devices apart when one takes the other’s name', async () => {
    const [mine, theirs] = [newDevice(), newDevice()];
    const { body } = await register({ device_id: mine });
    await register({ device_id: theirs });
    const answer = await register({ device_id: theirs }, gateway.api.withToken(body.agent_token));
    expect(answer).toMatchObject({ status: 409, body: { code: 'device_taken' } });
    expect((await poll(body.agent_token)).status).toBe(200);
  });

  it('ignores fields it doesn’t know, and refuses a blank device', async () => {
    expect((await register({ device_id: newDevice(), model: 'Pixel', nested: { a: [1] } })).status).toBe(201);
    for (const device_id of ['', '  ', undefined, 7]) {
      const { status, body } = await register({ device_id });
      expect(status).toBe(400);
      expect(body.details[0].field).toBe('device_id');
    }
  });

  it('makes one agent of a device that registers many times at once', async () => {
    const device_id = newDevice();
    const answers = await Promise.all(Array.from({ length: 10 }, () => register({ device_id })));
    expect(new Set(answers.map(({ body }) => body.agent_id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const alive = await Promise.all(answers.map(({ body }) => poll(body.agent_token)));
    expect(alive.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('gives an unregistered device a new life', async () => {
    const device_id = newDevice();
    const { body: first } = await register({ device_id });
    await admin.post(`/admin/agents/${first.agent_id}/unregister`, { reason: 'lost' });
    expect((await poll(first.agent_token)).status).toBe(401);

    const again = await register({ device_id });
    expect(again).toMatchObject({ status: 200, body: { status: 'rotated', agent_id: first.agent_id } });
    expect((await poll(again.body.agent_token)).status).toBe(200);
    expect((await admin.get(`/admin/agents/${first.agent_id}`)).body).toMatchObject({
      is_active: true,
      status: 'online',
      unregister_reason: null,
    });
  });

  describe('for another tenant', () => {
    let other: Api;
    beforeAll(async () => {
      await admin.post('/admin/tenants', { slug: 'other', name: 'Other' });
      other = admin.as({ 'x-tenant': 'other' });
      await other.put('/admin/agent/registration-secret', { registration_secret: 'the-others-secret' });
    });

    it('asks for that tenant’s secret', async () => {
      const device_id = newDevice();
      expect((await register({ device_id, tenant: 'other' })).status).toBe(403);
      const mine = await register({ device_id });
      const theirs = await register({ device_id, tenant: 'other', registration_secret: 'the-others-secret' });
      expect(theirs.status).toBe(201);
      expect(theirs.body.agent_id).not.toBe(mine.body.agent_id);
      expect((await admin.get(`/admin/agents/${theirs.body.agent_id}`)).status).toBe(404);
      expect((await other.get(`/admin/agents/${theirs.body.agent_id}`)).status).toBe(200);
    });

    it('refuses an unknown tenant in the words of a wrong secret', async () => {
      const wrong = await register({ device_id: newDevice(), tenant: 'other', registration_secret: 'wrong-secret' });
      const unknown = await register({ device_id: newDevice(), tenant: 'nobody' });
      expect(unknown.status).toBe(403);
      expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
    });
  });

  describe('where rotating takes the old token', () => {
    beforeAll(() => admin.put('/admin/settings', { agent_rotation: 'old_token' }));
    afterAll(() => admin.put('/admin/settings', { agent_rotation: null }));

    it('refuses to rotate by the secret alone', async () => {
      const device_id = newDevice();
      const { status, body } = await register({ device_id });
      expect(status).toBe(201);
      expect((await register({ device_id })).status).toBe(403);
      expect((await poll(body.agent_token)).status).toBe(200);
      const rotated = await register({ device_id }, gateway.api.withToken(body.agent_token));
      expect(rotated.body.status).toBe('rotated');
    });

    it('takes an unregistered device back by the secret', async () => {
      const device_id = newDevice();
      const { body } = await register({ device_id });
      await admin.post(`/admin/agents/${body.agent_id}/unregister`);
      expect(await register({ device_id })).toMatchObject({ status: 200, body: { status: 'rotated' } });
    });
  });
});

describe('registering without any secret', () => {
  const device = { device_id: 'device-1' };

  it('is open in development', async () => {
    const gateway = await TestGateway.start({ APP_ENV: 'development' });
    try {
      expect((await gateway.api.post('/agent/register', device)).status).toBe(201);
    } finally {
      await gateway.stop();
    }
  });

  it('is closed in production until a secret is set', async () => {
    const gateway = await TestGateway.start({
      APP_ENV: 'production',
      JWT_SECRET: '0123456789abcdef0123456789abcdef',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    try {
      const closed = await gateway.api.post('/agent/register', device);
      expect(closed.status).toBe(403);
      expect(closed.body.message).toMatch(/secret/);
      const admin = await gateway.admin();
      await admin.put('/admin/agent/registration-secret', { registration_secret: SECRET });
      expect((await gateway.api.post('/agent/register', device)).status).toBe(403);
      const opened = await gateway.api.post('/agent/register', { ...device, registration_secret: SECRET });
      expect(opened.status).toBe(201);
    } finally {
      await gateway.stop();
    }
  });

  it('is open again once the secret was set to the empty string', async () => {
    const gateway = await TestGateway.start({ AGENT_REGISTRATION_SECRET: SECRET });
    try {
      expect((await gateway.api.post('/agent/register', device)).status).toBe(403);
      const admin = await gateway.admin();
      const cleared = await admin.put('/admin/agent/registration-secret', { registration_secret: '' });
      expect(cleared.body).toEqual({ registration_secret: '', configured: false });
      expect((await gateway.api.post('/agent/register', device)).status).toBe(201);
    } finally {
      await gateway.stop();
    }
  });
});
