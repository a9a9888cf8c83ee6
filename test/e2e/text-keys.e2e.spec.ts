import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { importCsv, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, numberOf, requestOf, sendOne } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

describe('a key that sends free texts and nothing else', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let writer: Api;
  let writerId: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway);
    const { id, plain_key } = await createKey(shop.admin, ['sms:send_text']);
    writerId = id;
    writer = gateway.api.withKey(plain_key);
  });
  afterAll(() => gateway.stop());

  const text = (place: number) => ({ text: 'Hi', agent_id: shop.phone.agentId, messages: [{ to: numberOf(place) }] });

  it('reads and cancels what it sent', async () => {
    const { request_id } = await accept(writer, text(0));
    const two = await accept(writer, text(1));
    const shown = must(200, await writer.get(`/requests/${request_id}`));
    expect(shown.status_counts).toEqual({ PENDING: 1 });
    expect(must(200, await writer.get('/requests')).count).toBe(2);
    const [message] = must(200, await writer.get(`/messages?request_id=${request_id}`)).items;
    expect(must(200, await writer.get('/messages/all')).count).toBe(2);
    expect(must(200, await writer.get(`/messages/${message.message_id}`)).text).toBe('Hi');
    expect(must(200, await writer.post(`/messages/${message.message_id}/cancel`)).status).toBe('CANCELED');
    expect(must(200, await writer.post(`/requests/${two.request_id}/cancel`)).canceled).toBe(1);
    expect(must(201, await writer.post(`/messages/${message.message_id}/resend`)).total_created).toBe(1);
  });

  it('reads and cancels nobody else’s', async () => {
    const theirs = await sendOne(shop, 'theirs');
    for (const path of [`/requests/${theirs.request_id}`, `/messages/${theirs.message_id}`])
      expectError(await writer.get(path), 403, 'forbidden');
    for (const path of [
      `/requests/${theirs.request_id}/cancel`,
      `/messages/${theirs.message_id}/cancel`,
      `/messages/${theirs.message_id}/resend`,
    ])
      expectError(await writer.post(path), 403, 'forbidden');
    expect(must(200, await writer.get(`/messages?request_id=${theirs.request_id}`)).count).toBe(0);
    expect(must(200, await writer.get(`/messages/all?client_id=${shop.keyId}`)).count).toBe(0);
  });

  it('sends no template, in no way', async () => {
    const body = requestOf(shop, [{ to: numberOf(5), variables: { CODE: '1' } }]);
    expectError(await writer.post('/requests', body), 403, 'forbidden');
    const { templateId: template_id, phone } = shop;
    const file = 'to,CODE\n+84901000009,1\n';
    for (const dry_run of ['false', 'true']) {
      const parameters = { template_id, agent_id: phone.agentId, dry_run };
      expectError(await importCsv(writer, file, parameters), 403, 'forbidden');
    }
    must(200, await shop.admin.patch(`/admin/api-keys/${writerId}`, { scopes: ['sms:send', 'sms:read'] }));
    const message = await sendOne(shop, 'of a template', {}, writer);
    must(200, await writer.post(`/messages/${message.message_id}/cancel`));
    must(200, await shop.admin.patch(`/admin/api-keys/${writerId}`, { scopes: ['sms:send_text'] }));
    expectError(await writer.post(`/messages/${message.message_id}/resend`), 403, 'forbidden');
  });

  it('sends texts by file, and sees and stops its files', async () => {
    const parameters = { text: 'Hi', agent_id: shop.phone.agentId };
    const done = await worked(gateway, writer, await importCsv(writer, `to\n${numberOf(7)}\n`, parameters));
    expect(done).toMatchObject({ status: 'done', total_created: 1 });
    expect(must(200, await writer.get('/requests/imports')).count).toBe(1);
    expectError(await writer.post(`/requests/import/${done.import_id}/cancel`), 409, 'import_over');
  });
});
