import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importCsv, toShop, worked } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, requestOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

describe('trying out a file', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '60' });
    shop = await openShop(gateway, { dailyLimit: 100_000 });
  });
  afterAll(() => gateway.stop());

  const tried = async (csv: string, extra: Record<string, string> = {}) =>
    must(200, await importCsv(shop.client, csv, toShop(shop, { dry_run: 'true', ...extra })));
  const imported = async (csv: string, extra: Record<string, string> = {}) =>
    worked(gateway, shop.client, await importCsv(shop.client, csv, toShop(shop, extra)));
  const linesOf = (trial: { duplicate_lines: { line: number; first_line: number | null }[] }) =>
    trial.duplicate_lines.map(({ line, first_line }) => [line, first_line]);

  it('says which lines would be canceled as duplicates: of the file and of what was sent', async () => {
    await accept(shop.client, requestOf(shop, [{ to: '0901000001', variables: { CODE: 'sent' } }]));
    const { request_id } = await accept(
      shop.client,
      requestOf(shop, [{ to: '0901000002', variables: { CODE: 'canceled' } }]),
    );
    must(200, await shop.client.post(`/requests/${request_id}/cancel`));
    const csv = [
      'to,CODE',
      '0901000001,sent',
      '0901000003,new',
      '+84 901 000 003,new',
      '0901000002,canceled',
      '0901000003,other',
      '84901000001,sent',
      '(+84) 901000003,new',
    ].join('\n');
    const trial = await tried(csv);
    expect(trial).toMatchObject({ total_messages: 7, total_bad: 0, refusal: null, total_duplicates: 4 });
    expect(linesOf(trial)).toEqual([
      [2, null],
      [4, 3],
      [7, 2],
      [8, 3],
    ]);
    expect(await tried(csv)).toEqual(trial);
    const done = await imported(csv);
    expect(done).toMatchObject({ total_created: 3, total_skipped: 4 });
    const canceled = (await messagesOf(shop.client, done.request_ids[0])).flatMap(({ last_error }, i) =>
      last_error === 'DUPLICATE_RECENT' ? [i + 2] : [],
    );
    expect(canceled).toEqual(linesOf(trial).map(([line]) => line));
    expect((await tried(csv)).total_duplicates).toBe(7);
  });

  it('counts all duplicates, lists a hundred, and finds them in other chunks', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `+8490${3_000_000 + i},1`);
    const csv = ['to,CODE', ...lines, ...lines.slice(0, 150)].join('\n');
    const trial = await tried(csv);
    expect(trial).toMatchObject({ total_messages: 1350, total_duplicates: 150 });
    expect(linesOf(trial)).toEqual(Array.from({ length: 100 }, (_, i) => [1202 + i, 2 + i]));
    expect(await imported(csv)).toMatchObject({ total_created: 1200, total_skipped: 150 });
  });

  it('finds none among those who want no texts, nor where the tenant looks for none', async () => {
    must(201, await shop.admin.post('/opt-outs', { number: '0901000004' }));
    const csv = 'to,CODE\n0901000004,1\n0901000004,1\n0901000005,1\n0901000005,1\n';
    expect(linesOf(await tried(csv))).toEqual([[5, 4]]);
    const exempt = must(
      201,
      await shop.admin.post('/templates', { name: 'alarm', content: 'Alarm {CODE}', ignores_opt_outs: true }),
    ).id;
    must(200, await shop.admin.post(`/templates/${exempt}/approve`));
    expect(linesOf(await tried(csv, { template_id: exempt }))).toEqual([
      [3, 2],
      [5, 4],
    ]);
    expect(await imported(csv)).toMatchObject({ total_created: 1, total_skipped: 1, total_opted_out: 2 });
    must(200, await shop.admin.put('/admin/settings', { anti_dup_minutes: 0 }));
    expect(await tried(csv)).toMatchObject({ total_duplicates: 0, duplicate_lines: [] });
    expect(await imported(csv)).toMatchObject({ total_created: 2, total_skipped: 0 });
    must(200, await shop.admin.put('/admin/settings', { anti_dup_minutes: null }));
  });

  it('says that bad lines would refuse the file, as they do', async () => {
    const csv = 'to,CODE\n0901000006,1\nnobody,2\n0901000006,1\nx,3\n';
    const trial = await tried(csv);
    expect(trial).toMatchObject({
      total_messages: 2,
      total_bad: 2,
      total_duplicates: 1,
      refusal: { code: 'bad_lines' },
    });
    expect(trial.refusal.message).toMatch(/whole file would be refused: 2 lines are bad.*skip_bad_lines=true/);
    expect((await importCsv(shop.client, csv, toShop(shop))).body.code).toBe('bad_lines');
    expect((await tried(csv, { skip_bad_lines: 'true' })).refusal).toBeNull();
    expect(await imported(csv, { skip_bad_lines: 'true' })).toMatchObject({ total_created: 1, total_skipped: 1 });
    const none = await tried('to,CODE\nnobody,2\n', { skip_bad_lines: 'true' });
    expect(none.refusal.message).toContain('No other line is left');
  });
});
