import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

describe('what each key has used of its day', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway, { dailyLimit: 10 });
  });
  afterAll(() => gateway.stop());

  it('is told with what is left and when it starts again; a key sees itself, a tenant its own', async () => {
    gateway.clock.set('2126-11-21T23:00:00Z');
    await openTenantShop(gateway, 'acme');
    const other = await createKey(shop.admin, ['sms:read'], 5);
    await accept(shop.client, requestOf(shop, messagesTo(4)));
    const row = {
      client_id: shop.keyId,
      client_name: 'SafeShop',
      day: '2126-11-21',
      used: 4,
      limit: 10,
      remaining: 6,
      resets_at: '2126-11-22T00:00:00.000Z',
    };
    const unused = { ...row, client_id: other.id, used: 0, limit: 5, remaining: 5 };
    expect(must(200, await shop.admin.get('/reports/usage'))).toEqual([unused, row]);
    expect(must(200, await shop.client.get('/reports/usage'))).toEqual([row]);
    expect(must(200, await gateway.api.withKey(other.plain_key).get('/reports/usage'))).toEqual([unused]);
    await shop.admin.patch(`/admin/api-keys/${shop.keyId}`, { rate_limit_per_day: 3 });
    expect(must(200, await shop.admin.get('/reports/usage'))[1]).toMatchObject({ used: 4, limit: 3, remaining: 0 });
    // A disabled key is shown on the day it was used.
    must(200, await shop.admin.patch(`/admin/api-keys/${shop.keyId}`, { is_active: false }));
    expect(must(200, await shop.admin.get('/reports/usage'))).toHaveLength(2);
    gateway.clock.advance(3600);
    expect(must(200, await shop.admin.get('/reports/usage'))).toMatchObject([
      { client_id: other.id, day: '2126-11-22', used: 0 },
    ]);
  });
});
