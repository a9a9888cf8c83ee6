import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idTime } from '../../src/common/ids.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { openShop, type Shop } from '../support/shop.js';

describe('the ids of requests and messages', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  it('carry the time of acceptance, so that a range of ids is a range of times', async () => {
    gateway.clock.advance(12.345);
    const messages = [{ to: '+84901234567', variables: { CODE: '1' } }];
    const body = { template_id: shop.templateId, agent_id: shop.phone.agentId, messages };
    const accepted = must(201, await shop.client.post('/requests', body));
    const { items } = must(200, await shop.client.get(`/messages?request_id=${accepted.request_id}`));
    expect(accepted.created_at).toBe(gateway.clock.now().toISOString());
    expect(idTime(accepted.request_id).toISOString()).toBe(accepted.created_at);
    expect(idTime(items[0].message_id).toISOString()).toBe(items[0].created_at);
  });
});
