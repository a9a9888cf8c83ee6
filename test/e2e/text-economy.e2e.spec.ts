import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Expansion } from '../../src/requests/expansion.js';
import { MessagesRepository } from '../../src/messages/messages.repository.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, numberOf } from '../support/sending.js';
import { approvedTemplate, createKey, openShop, type Shop } from '../support/shop.js';

const CONTENT = 'Chào {NAME}, mã “{CODE}” – hết hạn sau 5 phút…';
const PLAIN = 'Chào Đặng, mã “12” – hết hạn sau 5 phút…';
const GSM = 'Chào Dang, ma "12" - het han sau 5 phut...';
const VALUES = { NAME: 'Đặng', CODE: '12' };

describe('texts in the GSM alphabet', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ MAX_TEXT_LENGTH: '200', ANTI_DUP_MINUTES: '60' });
    shop = await openShop(gateway);
    const key = await createKey(shop.admin, ['sms:send', 'sms:read', 'sms:send_text']);
    shop = { ...shop, client: gateway.api.withKey(key.plain_key), keyId: key.id };
  });
  afterAll(() => gateway.stop());
  afterEach(() => void jest.restoreAllMocks());

  const newTemplate = async (encoding?: string, content = CONTENT) => {
    const { id } = must(201, await shop.admin.post('/templates', { name: 't', content, encoding }));
    must(200, await shop.admin.post(`/templates/${id}/approve`));
    return id as string;
  };
  let place = 0;
  const body = (extra: object, messages: object[] = [{ to: numberOf(++place), variables: VALUES }]) => ({
    agent_id: shop.phone.agentId,
    messages,
    ...extra,
  });
  const sent = async (extra: object, messages?: object[]) => {
    const request = await accept(shop.client, body(extra, messages));
    return { request, messages: await messagesOf(shop.client, request.request_id) };
  };

  it('are asked for by the template', async () => {
    const { request, messages } = await sent({ template_id: await newTemplate('gsm7') });
    expect(messages).toMatchObject([{ text: GSM, encoding: 'GSM-7', segments: 1 }]);
    expect(request.total_segments).toBe(1);
  });

  it('or by the request, which wins', async () => {
    const plain = { template_id: await newTemplate(), encoding: 'gsm7' };
    expect((await sent(plain)).messages).toMatchObject([{ text: GSM, encoding: 'GSM-7' }]);
    const economic = { template_id: await newTemplate('gsm7'), encoding: 'auto' };
    expect((await sent(economic)).messages).toMatchObject([{ text: PLAIN, encoding: 'UCS-2' }]);
    const text = { text: 'Đặt lịch 👍', encoding: 'gsm7' };
    expect((await sent(text)).messages).toMatchObject([{ text: 'Dat lich ', encoding: 'GSM-7' }]);
    const { text: unasked } = (await sent({ text: 'Đặt lịch 👍' })).messages[0];
    expect(unasked).toBe('Đặt lịch 👍');
  });

  it('are duplicates by what is sent', async () => {
    const to = numberOf(++place);
    const { request } = await sent({ text: 'Đã nhận', encoding: 'gsm7' }, [{ to }]);
    expect(request).toMatchObject({ total_created: 1, total_skipped: 0 });
    expect((await sent({ text: 'Da nhan' }, [{ to }])).request).toMatchObject({ total_created: 0, total_skipped: 1 });
    expect((await sent({ text: 'Đã nhận' }, [{ to }])).request).toMatchObject({ total_created: 1, total_skipped: 0 });
  });

  it('are as long as what is sent', async () => {
    // 190 characters as written; every ellipsis becomes three.
    const text = `${'a'.repeat(184)}……………………`;
    await sent({ text });
    expectError(
      await shop.client.post('/requests', body({ text, encoding: 'gsm7' })),
      400,
      'invalid_request',
      'messages.0',
    );
    const long = { text: 'ạ'.repeat(200), encoding: 'gsm7' };
    expect((await sent(long)).request.total_segments).toBe(2);
  });

  it('are never empty', async () => {
    const refused = await shop.client.post('/requests', body({ text: '😀 🎉', encoding: 'gsm7' }));
    expectError(refused, 400, 'invalid_request', 'messages.0');
    expect(refused.body.message).toContain('encoding auto');
  });

  it('are the same when a gateway that died left them to the next', async () => {
    const template_id = await newTemplate('gsm7');
    const expand = jest.spyOn(gateway.get(MessagesRepository), 'insertMissing').mockRejectedValue(new Error('died'));
    const finish = jest.spyOn(gateway.get(Expansion), 'finishSoon').mockReturnValue(undefined);
    const died = await shop.client.post('/requests', body({ template_id }));
    expect(died.status).toBe(500);
    expand.mockRestore();
    finish.mockRestore();
    await gateway.restart();
    const { items } = must(200, await gateway.api.as(shop.client.credentials).get('/messages/all?limit=1'));
    expect(items).toMatchObject([{ text: GSM, encoding: 'GSM-7', segments: 1, template_id }]);
    shop = { ...shop, client: gateway.api.as(shop.client.credentials), admin: await gateway.admin() };
  });

  it('are previewed beside the text as it is written', async () => {
    const id = await newTemplate('gsm7', `${CONTENT} {MORE}`);
    const variables = { ...VALUES, MORE: 'x'.repeat(70) };
    const preview = must(200, await shop.client.post(`/templates/${id}/preview`, { variables }));
    const gsm7 = { text: `${GSM} ${variables.MORE}`, length: GSM.length + 71, encoding: 'GSM-7', segments: 1 };
    const auto = { text: `${PLAIN} ${variables.MORE}`, length: PLAIN.length + 71, encoding: 'UCS-2', segments: 2 };
    expect(preview).toEqual({ ...gsm7, auto, gsm7 });
    const plain = await approvedTemplate(shop.admin, `${CONTENT} {MORE}`);
    expect(must(200, await shop.client.post(`/templates/${plain}/preview`, { variables }))).toEqual({
      ...auto,
      auto,
      gsm7,
    });
  });

  it('take the approval back, since they change what is sent', async () => {
    const id = await newTemplate();
    const change = async (to: object) => must(200, await shop.admin.put(`/templates/${id}`, to));
    expect(await change({ encoding: 'auto' })).toMatchObject({ is_approved: true, version: 1 });
    expect(await change({ encoding: 'gsm7' })).toMatchObject({ encoding: 'gsm7', is_approved: false, version: 2 });
    must(200, await shop.admin.post(`/templates/${id}/approve`));
    expect(await change({ name: 'new', content: CONTENT })).toMatchObject({ encoding: 'gsm7', is_approved: true });
    expectError(await shop.admin.put(`/templates/${id}`, { encoding: 'ucs2' }), 400, 'invalid_request', 'encoding');
    expectError(
      await shop.client.post('/requests', body({ text: 'a', encoding: 'UTF-8' })),
      400,
      'invalid_request',
      'encoding',
    );
  });
});
