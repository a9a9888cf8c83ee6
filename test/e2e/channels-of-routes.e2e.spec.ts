import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idMaker } from '../../src/common/ids.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import { OwnTexts } from '../../src/messages/own-texts.js';
import { RouteTargets } from '../../src/routing/targets.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { messagesTo } from '../support/sending.js';
import { openShop, registerPhone, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';
import { FakeFcm } from '../fakes/fcm.js';
import { MailServer } from '../fakes/mail-server.js';

describe('a route and what it can send', () => {
  let mails: MailServer;
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    mails = await new MailServer().start();
    gateway = await TestGateway.start({
      SMTP_URL: mails.url(),
      MAIL_FROM: 'shop@example.com',
      FIREBASE_PROJECT_ID: 'shop',
      FIREBASE_SERVICE_ACCOUNT: new FakeFcm().serviceAccount(),
    });
    shop = await openShop(gateway, { scopes: ['sms:send', 'sms:send_text', 'sms:read'] });
  });
  afterAll(async () => {
    await gateway.stop();
    await mails.stop();
  });

  it.each([
    ['carrier:smtp', 'only email'],
    ['carrier:fcm', 'only push'],
  ])('sends no SMS by %s, and says so', async (route, only) => {
    const body = { template_id: shop.templateId, route, messages: messagesTo(1, 'x') };
    const refused = await shop.client.post('/requests', body);
    expectError(refused, 400, 'invalid_request', 'route');
    expect(refused.body.message).toContain(`${route} does not send sms, ${only}`);
    const whatsapp = await shop.client.post('/requests', { ...body, channel: 'whatsapp' });
    expectError(whatsapp, 400, 'invalid_request', 'channel');
    const phone = await registerPhone(gateway);
    expectError(
      await shop.admin.post(`/admin/agents/${phone.agentId}/reassign`, { route }),
      400,
      'invalid_request',
      'route',
    );
    const [, carrier] = route.split(':');
    for (const channels of [['sms'], ['voice']]) {
      const tn = { number: '+12065550100', carrier, channels };
      expectError(await shop.admin.post('/admin/tns', tn), 400, 'invalid_request', 'carrier');
    }
  });

  it('knows what each carrier sends', async () => {
    const tenant = await gateway.get(TenantsService).idOf('default');
    const channels = async (carrier: string) =>
      (await gateway.get(RouteTargets).find(tenant, { kind: 'carrier', carrier }))!.channels;
    expect(await channels('smtp')).toEqual(['email']);
    expect(await channels('fcm')).toEqual(['push']);
    expect(await channels('sandbox')).toEqual(['sms', 'whatsapp', 'email', 'push']);
  });

  it('lets notifications be tried in the sandbox, which are not sent again by hand', async () => {
    await gateway.get(DispatchersWorker).run();
    const tenant = await gateway.get(TenantsService).idOf('default');
    const nextId = idMaker('req', () => gateway.clock.now());
    const send = (to: string, channel: 'email' | 'push') =>
      gateway.get(OwnTexts).send({
        tenant,
        because: { id: nextId(), purpose: 'test' },
        channel,
        to,
        subject: 'Hello',
        text: 'A text',
        route: 'carrier:sandbox',
        ttlSeconds: 3600,
      });
    const becomes = (id: string, fields: object) =>
      waitFor(async () => expect(must(200, await shop.admin.get(`/messages/${id}`))).toMatchObject(fields));
    await becomes(await send('lan@example.com', 'email'), { status: 'SENT' });
    await becomes(await send('topic:orders', 'push'), { status: 'SENT' });
    const dead = await send('lan906@example.com', 'email');
    await becomes(dead, { status: 'FAILED', last_error: 'SANDBOX_DEAD_ADDRESS' });
    await becomes(await send('token:device-903', 'push'), { status: 'FAILED', last_error: 'SANDBOX_BAD_TEXT' });
    expectError(await shop.admin.post(`/messages/${dead}/resend`, {}), 409, 'not_resendable');
  });
});
