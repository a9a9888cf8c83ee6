import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DAY_MILLIS, later } from '../../src/domain/time.js';
import { RouteChoice } from '../../src/routing/route-choice.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { ScriptedAccounts } from '../support/scripted-carrier.js';
import { lease, registerPhone } from '../support/shop.js';

/** Where a text leaves that nobody has named a route for. */
describe('the route of a text without one', () => {
  let gateway: TestGateway;
  let tenant: TenantId;
  let accounts: ScriptedAccounts;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    tenant = await tenantOf(gateway);
    accounts = new ScriptedAccounts(gateway);
  });
  afterAll(() => gateway.stop());

  const chosen = () => gateway.get(RouteChoice).chooseEach(tenant, ['sms', 'email']);

  it('is a carrier for its channel, else a phone that is online, and what works before what does not', async () => {
    expect(await chosen()).toEqual([null, null]);
    const [away, here] = [await registerPhone(gateway), await registerPhone(gateway)];
    gateway.clock.advance(600);
    await lease(here);
    expect(await chosen()).toEqual([`agent:${here.agentId}`, null]);
    accounts.add(tenant, 'flowroute');
    accounts.add(tenant, 'smtp', {}, ['email']);
    expect(await chosen()).toEqual(['carrier:flowroute', 'carrier:smtp']);
    const hold = { until: later(gateway.clock.now(), DAY_MILLIS), code: '401', reason: 'wrong credentials' };
    accounts.accounts[0] = { ...accounts.accounts[0]!, hold };
    expect(await chosen()).toEqual([`agent:${here.agentId}`, 'carrier:smtp']);
    gateway.clock.advance(600);
    expect((await chosen())[0]).toBe('carrier:flowroute');
    await lease(away);
    expect((await chosen())[0]).toBe(`agent:${away.agentId}`);
  });

  it('is the sandbox only when there is nothing else', async () => {
    accounts.accounts.length = 0;
    accounts.add(tenant, 'sandbox', {}, ['sms', 'email']);
    const [sms, email] = await chosen();
    expect([sms?.split(':')[0], email]).toEqual(['agent', 'carrier:sandbox']);
  });
});
