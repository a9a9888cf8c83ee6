import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlServer } from '../../src/control/control-server.js';
import { qrText } from '../../src/surfaces/smsgate/qr-code.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { Program } from '../support/program.js';
import { waitFor } from '../support/wait-for.js';

const MOBILE = '/api/mobile/v1';
const NUMBER = '+84901234567';
/** The command looks twice a second for its phone. */
const PATIENCE = { timeout: 20_000 };
const isMongo = process.env['E2E_STORE'] === 'mongo';

describe('npm run phone -- add', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-phone-'));
  const programs: Program[] = [];
  afterEach(() => Promise.all(programs.splice(0).map((program) => program.kill())));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: string, env: Record<string, string> = {}): Program => {
    const program = new Program('commands/phone.js', folder, { DATA_DIR: folder, ...env }, args.split(' '));
    programs.push(program);
    return program;
  };

  it('called wrongly says what to do', async () => {
    const program = run('add --test nobody');
    expect((await program.ended).code).toBe(2);
    expect([program.output, program.errors]).toEqual(['', expect.stringContaining('--test is a phone number')]);
  });

  it('tells its options', async () => {
    const program = run('--help');
    expect((await program.ended).code).toBe(0);
    expect(program.output).toContain('--timeout SECONDS');
  });

  it('needs a running gateway, and on MongoDB says what to call instead', async () => {
    const alone = run('add');
    expect([(await alone.ended).code, alone.errors]).toEqual([1, expect.stringContaining('Start the gateway first')]);
    const mongo = run('add', { MONGO_URI: 'mongodb://127.0.0.1:9/' });
    expect([(await mongo.ended).code, mongo.errors]).toEqual([
      1,
      expect.stringContaining('POST /admin/agents/registration-codes'),
    ]);
  });

  (isMongo ? describe.skip : describe)('beside a running gateway', () => {
    let gateway: TestGateway;
    let admin: Api;
    beforeAll(async () => {
      gateway = await TestGateway.start({ DATA_DIR: folder, JWT_ACCESS_MINUTES: '1000000', LEASE_SECONDS: '300' });
      await gateway.get(ControlServer).listen();
      admin = await gateway.admin();
    });
    afterAll(() => gateway.stop());

    const codeOf = async (program: Program) => (await program.said(/Code: +(\d{6})\n[^]*Waiting/))[1]!;
    const join = async (code: string) => {
      const as = gateway.api.as({ authorization: `Code ${code}`, 'user-agent': 'me.capcom.smsgateway/1.60.0' });
      const { id, token } = must(201, await as.post(`${MOBILE}/device`, { name: 'samsung/a54x', simCards: [] }));
      return { id: id as string, api: gateway.api.withToken(token) };
    };
    const pull = (api: Api) =>
      waitFor(async () => {
        const [message] = must(200, await api.get(`${MOBILE}/message`));
        return message ?? Promise.reject(new Error('nothing to send'));
      }, PATIENCE);
    const report = (api: Api, id: string, state: string, error?: string) =>
      api.patch(`${MOBILE}/message`, [
        { id, state, recipients: [{ phoneNumber: NUMBER, state, ...(error ? { error } : {}) }], states: {} },
      ]);

    it('leads a phone here, and tells how far its test text comes', async () => {
      const program = run(`add --label Counter --group shop --test ${NUMBER} --url https://sms.example.com/`);
      const code = await codeOf(program);
      expect(program.output).toContain(`https://sms.example.com/phones/join/${code}`);
      expect(program.output).toContain(`https://sms.example.com${MOBILE}`);
      expect(program.output).toContain(qrText(`https://sms.example.com/phones/join/${code}`, false));
      expect(program.output).not.toContain('not https');
      const { id, api } = await join(code);
      await program.said(new RegExp(`The phone is there: Counter \\(${id}\\), SMSGate 1\\.60\\.0\\.`));
      await program.said(/PENDING: msg_/);
      const message = await pull(api);
      expect(message).toMatchObject({ phoneNumbers: [NUMBER], priority: 90 });
      expect(program.output).toContain(message.id);
      await report(api, message.id, 'Sent');
      await program.said(/^SENT: /m);
      await report(api, message.id, 'Delivered');
      await program.said(/^DELIVERED: /m);
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(must(200, await admin.get(`/admin/agents/${id}`))).toMatchObject({ label: 'Counter', groups: ['shop'] });
      const log = must(200, await admin.get('/admin/audit-logs?action=ISSUE_REGISTRATION_CODE'));
      expect(log.items[0]).toMatchObject({
        actor_type: 'SYSTEM',
        actor_id: 'npm run phone',
        data: { label: 'Counter', group: 'shop' },
      });
    });

    it('ends when the network never tells of a delivery', async () => {
      const program = run(`add --test ${NUMBER}`);
      const { api } = await join(await codeOf(program));
      const { id } = await pull(api);
      await report(api, id, 'Sent');
      await program.said(/^SENT: /m);
      gateway.clock.advance(31);
      expect((await program.ended).code).toBe(0);
      expect(program.output).toContain('No word of its delivery');
    });

    it('says why the test text failed', async () => {
      const program = run(`add --test ${NUMBER}`);
      const { api } = await join(await codeOf(program));
      const { id } = await pull(api);
      await report(api, id, 'Failed', 'RESULT_ERROR_NO_SERVICE');
      expect((await program.ended).code).toBe(1);
      expect(program.errors).toContain('FAILED: RESULT_ERROR_NO_SERVICE');
    });

    it('says after two minutes what to look at', async () => {
      const program = run(`add --test ${NUMBER}`);
      await join(await codeOf(program));
      await program.said(/PENDING: /);
      gateway.clock.advance(121);
      expect((await program.ended).code).toBe(1);
      expect(program.errors).toMatch(/PENDING: msg_\w+ has not left after 2 minutes[^]*Open the app/);
    });

    it('refuses a number that is none', async () => {
      const program = run('add --test +8412');
      await join(await codeOf(program));
      expect((await program.ended).code).toBe(1);
      expect(program.errors).toContain('+8412 is too short for a number of +84');
    });

    it('sends nothing when nobody is there to be asked', async () => {
      const [silent, unasked] = [run('add --no-test'), run('add')];
      const [one, two] = [await join(await codeOf(silent)), await join(await codeOf(unasked))];
      expect((await silent.ended).code).toBe(0);
      expect((await unasked.ended).code).toBe(0);
      expect(silent.output).toContain(one.id);
      expect(unasked.output).toMatch(new RegExp(`${two.id}[^]*--test NUMBER`));
      for (const { api } of [one, two]) expect(must(200, await api.get(`${MOBILE}/message`))).toEqual([]);
    });

    it('names the address in the network, and warns of what keeps phones away', async () => {
      const program = run('add --no-test');
      await codeOf(program);
      const { port } = new URL(gateway.url);
      expect(program.output).toMatch(new RegExp(`Server address: http://[\\d.]+:${port}${MOBILE}\n`));
      expect(program.output).toContain('HOST=0.0.0.0');
      expect(program.output).toContain('not https');
    });

    it('stops waiting when the code has run out, when the time is up, and at Ctrl-C', async () => {
      const [late, brief, left] = [run('add'), run('add --timeout 60'), run('add')];
      await codeOf(late);
      await codeOf(brief);
      await codeOf(left);
      left.signal('SIGINT');
      expect(await left.ended).toEqual({ code: 130, signal: null });
      gateway.clock.advance(61);
      expect((await brief.ended).code).toBe(1);
      expect(brief.errors).toContain('No phone came within 60 seconds');
      gateway.clock.advance(600);
      expect((await late.ended).code).toBe(1);
      expect(late.errors).toContain('The code ran out');
    });

    it('brings a phone to the tenant that is named, and refuses one that there is not', async () => {
      must(201, await admin.post('/admin/tenants', { slug: 'north', name: 'North' }));
      const program = run('add --no-test --tenant north');
      const { id } = await join(await codeOf(program));
      expect((await program.ended).code).toBe(0);
      must(200, await admin.as({ 'x-tenant': 'north' }).get(`/admin/agents/${id}`));
      const wrong = run('add --tenant south');
      expect((await wrong.ended).code).toBe(1);
      expect(wrong.errors).toContain('south does not exist');
    });
  });
});
