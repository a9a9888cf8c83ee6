import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AgentDoc } from '../../src/agents/agent.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must } from '../support/people.js';

const SECRET = 'a-shared-secret';
const MINUTE = 60;

describe('a known phone that wants a new token', () => {
  let gateway: TestGateway;
  let admin: Api;
  let devices = 0;
  /** Of its own for each test. */
  let device_id: string;
  let agentId: string;
  let token: string;

  const register = (body: object = {}, api = gateway.api, address = '192.0.2.1') =>
    api.as({ 'x-forwarded-for': address }).post('/agent/register', { device_id, registration_secret: SECRET, ...body });
  const agent = async () => must(200, await admin.get(`/admin/agents/${agentId}`));
  const polls = async (with_: string) => (await gateway.api.withToken(with_).get('/agent/jobs/next')).status === 200;
  const issue = async (id = agentId): Promise<string> =>
    must(201, await admin.post(`/admin/agents/${id}/rotation-code`)).rotation_code;
  const lines = async (action: string) =>
    must(200, await admin.get(`/admin/audit-logs?action=${action}&limit=500`)).items;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_REGISTRATION_SECRET: SECRET,
      TRUST_PROXY: '127.0.0.1',
      JWT_ACCESS_MINUTES: '100000',
    });
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    // A minute of its own for what is counted by the minute.
    gateway.clock.advance(MINUTE);
    device_id = `device-${++devices}`;
    const { agent_id, agent_token } = must(201, await register());
    [agentId, token] = [agent_id, agent_token];
  });

  it('is told of to its tenant: when, from where, and by what', async () => {
    expect(await agent()).toMatchObject({ rotated_at: null, registered_from: '192.0.2.1' });
    gateway.clock.advance(5);
    const at = gateway.clock.now().toISOString();
    const { agent_token } = must(200, await register({}, gateway.api, '198.51.100.7'));
    expect(await agent()).toMatchObject({ rotated_at: at, registered_from: '198.51.100.7' });
    must(200, await register({}, gateway.api.withToken(agent_token), '203.0.113.3'));
    const told = { agent_id: agentId, device_id };
    const rotations = await lines('AGENT_ROTATED');
    expect(rotations.slice(0, 2).map(({ data }: { data: object }) => data)).toEqual([
      { ...told, by: 'token', address: '203.0.113.3', previous_address: '198.51.100.7' },
      { ...told, by: 'secret', address: '198.51.100.7', previous_address: '192.0.2.1' },
    ]);
    const metrics = String((await gateway.api.get('/metrics')).body);
    expect(metrics).toMatch(/^trunkline_agent_rotations_total\{by="secret"\} 1$/m);
    expect(metrics).toMatch(/^trunkline_agent_rotations_total\{by="token"\} 1$/m);
  });

  describe('where the secret alone is not enough', () => {
    beforeAll(async () => void must(200, await admin.put('/admin/settings', { agent_rotation: 'old_token' })));
    afterAll(async () => void must(200, await admin.put('/admin/settings', { agent_rotation: null })));

    it('gets it with a code of an administrator, once', async () => {
      expectError(await register(), 403, 'forbidden');
      const issued = must(201, await admin.post(`/admin/agents/${agentId}/rotation-code`));
      expect(issued).toEqual({
        agent_id: agentId,
        rotation_code: expect.stringMatching(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/),
        expires_at: new Date(gateway.clock.now().getTime() + 15 * MINUTE * 1000).toISOString(),
      });
      const code = issued.rotation_code as string;
      expectError(await register({ rotation_code: code, registration_secret: 'wrong' }), 403, 'forbidden');
      const rotated = must(200, await register({ rotation_code: ` ${code.toLowerCase().replaceAll('-', '')} ` }));
      expect(rotated).toMatchObject({ status: 'rotated', agent_id: agentId });
      expect([await polls(token), await polls(rotated.agent_token)]).toEqual([false, true]);
      expectError(await register({ rotation_code: code }), 403, 'forbidden');
      expect(await polls(rotated.agent_token)).toBe(true);
    });

    it('gets it with a code once, also when five ask at the same moment', async () => {
      const rotation_code = await issue();
      const answers = await Promise.all(Array.from({ length: 5 }, () => register({ rotation_code })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403]);
    });

    it('gets none with another code: a guess, an older one, one that is too old, or another phone’s', async () => {
      const older = await issue();
      const code = await issue();
      const other = must(201, await register({ device_id: `other-${device_id}` }));
      const wrong = ['0000-0000-0000', '', older, await issue(other.agent_id)];
      for (const rotation_code of wrong) expectError(await register({ rotation_code }), 403, 'forbidden');
      gateway.clock.advance(15 * MINUTE);
      expectError(await register({ rotation_code: code }), 403, 'forbidden');
      const spent = await issue();
      token = must(200, await register({}, gateway.api.withToken(token))).agent_token;
      expectError(await register({ rotation_code: spent }), 403, 'forbidden');
      expect(await polls(token)).toBe(true);
    });

    it('can’t go on guessing codes', async () => {
      const address = '192.0.2.66';
      const code = await issue();
      const guesses = Array.from({ length: 60 }, (_, i) =>
        register({ rotation_code: `GUESS-${i}` }, undefined, address),
      );
      for (const answer of await Promise.all(guesses)) expectError(answer, 403, 'forbidden');
      const refused = await register({ rotation_code: code }, undefined, address);
      expectError(refused, 429, 'too_many_refused_registrations');
      must(200, await register({ rotation_code: code }));
    });

    it('is given codes by administrators alone, who leave a trace, and no store or list has them', async () => {
      const rotation_code = await issue();
      const viewer = await addPerson(gateway, admin, 'viewer');
      expectError(await viewer.api.post(`/admin/agents/${agentId}/rotation-code`), 403, 'forbidden');
      expectError(await admin.post('/admin/agents/agt_none/rotation-code'), 404, 'agent_not_found');
      expect((await lines('ISSUE_ROTATION_CODE'))[0].data).toEqual({ agent_id: agentId });
      const stored = await gateway.store.collection<AgentDoc>('agents').findOne({ _id: agentId });
      expect(stored!.rotation_code!.hash).toMatch(/^\S{43}$/);
      const everything = JSON.stringify([stored, await agent(), await lines('ISSUE_ROTATION_CODE')]);
      expect(everything).not.toContain(rotation_code);
      expect(everything).not.toContain(rotation_code.replaceAll('-', ''));
      expect(await agent()).not.toHaveProperty('rotation_code');
    });

    it('is not taken back by a token that died at another gateway', async () => {
      if (!gateway.usesMongo) return; // the embedded store has one gateway
      const beside = await gateway.beside();
      try {
        const there = beside.api.withToken(token);
        expect((await there.get('/agent/jobs/next')).status).toBe(200);
        must(200, await admin.post(`/admin/agents/${agentId}/unregister`));
        expectError(await there.post('/agent/register', { device_id }), 403, 'forbidden');
        expect(await agent()).toMatchObject({ is_active: false });
      } finally {
        await beside.stop();
      }
    });
  });

  describe('and is refused', () => {
    const refusals = async () => (await lines('REGISTER_REFUSED')).map(({ data }: { data: object }) => data);

    it('is told of to its tenant: a line for each address and minute, with how often', async () => {
      const wrong = { registration_secret: 'wrong' };
      const addresses = ['198.51.100.1', '198.51.100.2', '2001:db8:1::1', '2001:db8:1::2'];
      for (let i = 0; i < 3; i++) {
        for (const address of addresses) await register(wrong, gateway.api, address);
        // In the middle, what was counted so far is there.
        if (i === 1) expect((await refusals())[0]).toMatchObject({ times: 4 });
      }
      await register({ ...wrong, tenant: 'nobody' }, gateway.api, '198.51.100.3');
      const counted = [
        { address: '2001:db8:1::/64', reason: 'wrong_secret', times: 6 },
        { address: '198.51.100.2', reason: 'wrong_secret', times: 3 },
        { address: '198.51.100.1', reason: 'wrong_secret', times: 3 },
      ];
      expect((await refusals()).slice(0, 3)).toEqual(counted);
      gateway.clock.advance(MINUTE);
      await register(wrong, gateway.api, addresses[0]);
      expect((await refusals()).slice(0, 2)).toEqual([{ ...counted[2], times: 1 }, counted[0]]);
    });

    it('fills no log, however many addresses it comes from', async () => {
      const before = (await refusals()).length;
      const guesses = Array.from({ length: 100 }, (_, i) =>
        register({ registration_secret: 'wrong' }, gateway.api, `203.0.113.${i}`),
      );
      for (const answer of await Promise.all(guesses)) expectError(answer, 403, 'forbidden');
      const added = (await refusals()).slice(0, -before || undefined);
      expect(added).toHaveLength(21);
      expect(added[0]).toEqual({ times: 80 });
    });
  });
});

describe('a production start', () => {
  it('warns of tenants whose phones the secret alone can take over', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const warned = () =>
      warn.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('agent_rotation'));
    const gateway = await TestGateway.start({
      APP_ENV: 'production',
      JWT_SECRET: '0123456789abcdef0123456789abcdef',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    try {
      const admin = await gateway.admin();
      must(201, await admin.post('/admin/tenants', { slug: 'acme', name: 'Acme' }));
      expect(warned()).toEqual([expect.stringContaining('in: default. ')]);
      must(200, await admin.put('/admin/settings', { agent_rotation: 'old_token' }));
      warn.mockClear();
      await gateway.restart();
      expect(warned()).toEqual([expect.stringContaining('in: acme. ')]);
      const again = await gateway.admin();
      must(200, await again.as({ 'x-tenant': 'acme' }).put('/admin/settings', { agent_rotation: 'old_token' }));
      warn.mockClear();
      await gateway.restart();
      expect(warned()).toEqual([]);
    } finally {
      await gateway.stop();
      jest.restoreAllMocks();
    }
  });
});
