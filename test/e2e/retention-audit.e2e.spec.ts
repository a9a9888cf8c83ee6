import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';

const DAY = 86_400;

describe('the audit log', () => {
  let gateway: TestGateway;
  let admin: Api;
  beforeEach(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    admin = await gateway.admin();
  });
  afterEach(() => gateway.stop());

  const pass = () => gateway.get(RetentionWorker).run();
  const days = (count: number) => gateway.clock.advance(count * DAY);
  const keep = async (count: number | null) =>
    must(200, await admin.put('/admin/settings', { remove_audit_logs_after_days: count }));
  const makeTemplate = async (name: string, api = admin) =>
    must(201, await api.post('/templates', { name, content: '{CODE}' }));
  const templates = async (api = admin): Promise<string[]> =>
    must(200, await api.get('/admin/audit-logs?action=CREATE_TEMPLATE&limit=500')).items.map(
      ({ data }: { data: { name: string } }) => data.name,
    );

  it('stays whole until a tenant chooses otherwise, also when messages go', async () => {
    must(200, await admin.put('/admin/settings', { blank_texts_after_days: 1, remove_messages_after_days: 8 }));
    await makeTemplate('old');
    days(600);
    await pass();
    expect(await templates()).toEqual(['old']);
    await keep(30);
    await keep(null);
    await pass();
    expect(await templates()).toEqual(['old']);
  });

  it('loses the lines whose days are over, of the tenant that chose so', async () => {
    const acme = (await addTenant(gateway, admin, 'acme')).admin.api;
    await makeTemplate('acme', acme);
    // More than a batch, in one hour.
    for (let i = 0; i < 205; i++) await makeTemplate('first');
    gateway.clock.advance(3600);
    await makeTemplate('an hour later');
    await keep(30);
    days(30);
    await makeTemplate('new');
    await pass();
    expect(await templates()).toEqual(['new', 'an hour later']);
    expect(await templates(acme)).toEqual(['acme']);
    gateway.clock.advance(3600);
    await pass();
    expect(await templates()).toEqual(['new']);
  });
});
