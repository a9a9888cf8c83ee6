import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { messageId, newId } from '../../src/common/ids.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { openStore } from '../../src/database/open-store.js';
import type { Store } from '../../src/database/collection.js';
import { Program } from '../support/program.js';

const folder = mkdtempSync(join(tmpdir(), 'trunkline-test-'));
const ENV = { APP_ENV: 'test', DATA_DIR: join(folder, 'data'), PATH: process.env['PATH']! };

async function withStore(work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openStore({ mongoUri: undefined, mongoDb: 'none', dataDir: ENV.DATA_DIR });
  await store.applyIndexes(COLLECTIONS);
  await work(store);
  await store.close();
}

async function run(...options: string[]) {
  const program = new Program('commands/rebuild-reports.js', folder, ENV, options);
  const { code } = await program.ended;
  return { code, output: program.output, errors: program.errors };
}

beforeAll(() =>
  withStore(async (store) => {
    const at = new Date();
    await store
      .collection('tenants')
      .insertOne({ _id: 'ten_1', slug: 'default', name: 'Default', created_at: at } as never);
    const counted = { template_id: null, agent_id: null, client_id: 'key_1', route: 'group:day', segments: 1 };
    const _id = messageId(newId('req'), 0);
    await store.collection('app_config').insertOne({ _id: 'schema', version: 3 } as never);
    await store.collection('sms_messages').insertOne({ _id, tenant_id: 'ten_1', status: 'SENT', ...counted } as never);
  }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('rebuild-reports --check says where buckets differ from messages and exits 1', async () => {
  const found = await run('--check');
  expect(found.output).toMatch(/the minute .* had 0 messages; the recount has 1/);
  expect(found.errors).toMatch(/1 messages in 1 hours\. 2 buckets differed\./);
  expect(found.code).toBe(1);
});
