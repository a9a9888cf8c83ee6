import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IMPORT_FAULT_POINTS } from '../chaos/fault-points.js';
import { Api } from '../support/api.js';
import { csvOf, importCsv } from '../support/csv.js';
import { must } from '../support/people.js';
import { Program } from '../support/program.js';
import { approvedTemplate, createKey } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const LINES = 250;
const ADMIN = { username: 'admin', password: 'correct-horse-battery' };
const usesMongo = process.env['E2E_STORE'] === 'mongo';

/** The program itself, killed at each point of an import's way; the client sends its file again, as clients do. */
describe('an import through a gateway that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-import-'));
  const database = `trunkline_import_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  let program: Program;
  let secrets: { key: string; template_id: string; agent_id: string };

  async function start(fault?: string): Promise<string> {
    program = new Program('main.js', folder, {
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      MAX_RECIPIENTS_PER_REQUEST: '100',
      SEED_ADMIN_USERNAME: ADMIN.username,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      ...(usesMongo ? { MONGO_URI: process.env['MONGO_TEST_URI']!, MONGO_DB: database } : {}),
      ...(fault ? { FAULT: fault } : {}),
    });
    return (await program.said(/Trunkline listens on (http:\S+)/))[1]!;
  }

  beforeAll(async () => {
    const url = await start();
    const { access_token } = must(200, await new Api(url).post('/auth/login', ADMIN));
    const admin = new Api(url).withToken(access_token);
    const phone = must(201, await new Api(url).post('/agent/register', { device_id: 'phone' }));
    secrets = {
      key: (await createKey(admin, ['sms:send', 'sms:read'])).plain_key,
      template_id: await approvedTemplate(admin, 'Ma OTP {CODE}'),
      agent_id: phone.agent_id,
    };
    await program.kill();
  });
  afterAll(async () => {
    await program.kill();
    rmSync(folder, { recursive: true, force: true });
    if (!usesMongo) return;
    const client = await MongoClient.connect(process.env['MONGO_TEST_URI']!);
    await client.db(database).dropDatabase();
    await client.close();
  });

  it.each(IMPORT_FAULT_POINTS.map((point, i) => [point, i] as const))(
    'at %s sends each line once',
    async (point, i) => {
      const csv = csvOf(LINES, i * 1000);
      const upload = (url: string) => {
        const { key, ...parameters } = secrets;
        return importCsv(new Api(url).withKey(key), csv, parameters, { 'idempotency-key': point });
      };
      const dying = await start(point);
      await upload(dying).catch(() => undefined);
      expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' });
      const client = new Api(await start()).withKey(secrets.key);
      const { import_id } = must(202, await upload(client.url));
      const done = await waitFor(
        async () => {
          const { body } = await client.get(`/requests/import/${import_id}`);
          expect(body.status).toBe('done');
          return body;
        },
        { timeout: 75_000, interval: 50 },
      );
      expect(done).toMatchObject({ total_messages: LINES, total_created: LINES, total_skipped: 0 });
      const sent: string[] = [];
      for (const id of done.request_ids)
        for (const { to } of must(200, await client.get(`/messages?request_id=${id}&limit=500`)).items) sent.push(to);
      expect(new Set(sent).size).toBe(LINES);
      expect(sent).toHaveLength(LINES);
      const all = must(200, await client.get('/requests/imports')).items;
      expect(all).toHaveLength(i + 1);
      await program.kill();
    },
  );
});
