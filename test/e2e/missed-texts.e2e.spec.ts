import { afterAll, beforeAll, expect, describe, it } from '@jest/globals';
import { MissedTextsWorker } from '../../src/callbacks/missed-texts.worker.js';
import { must } from '../support/people.js';
import { OUR_NUMBER, Providers } from '../support/providers.js';
import { openShop, type Shop } from '../support/shop.js';

const SENDER = '+12025550142';
const MINUTE = 60;

describe('texts whose callback found nobody', () => {
  let providers: Providers;
  let shop: Shop;

  beforeAll(async () => {
    providers = await Providers.start({ JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(providers.gateway);
  });
  afterAll(() => providers.stop());

  const look = async (minutes: number) => {
    providers.gateway.clock.advance(minutes * MINUTE);
    await providers.gateway.get(MissedTextsWorker).run();
    await providers.workThrough();
  };
  const texts = async () => must(200, await shop.client.get('/inbound-messages')).items.map((one: any) => one.text);
  const arrives = (text: string) => providers.twilio.receive(SENDER, OUR_NUMBER, text);

  it('are read from the list, but not those that came before the account was ours', async () => {
    arrives('too early');
    await look(30);
    expect(await texts()).toEqual([]);
    providers.gateway.clock.advance(MINUTE);
    arrives('first');
    await look(5);
    expect(await texts()).toEqual([]);
    await look(5);
    expect(await texts()).toEqual(['first']);
  });

  it('are stored once, also when their callback came', async () => {
    const received = arrives('second');
    const { method, url, headers, body } = providers.twilio.inboundCallback(received, providers.urls.twilioInbound);
    expect((await fetch(url, { method, headers, body })).status).toBe(200);
    await look(20);
    await look(20);
    expect(await texts()).toEqual(['second', 'first']);
  });

  it('are read after a downtime, from where the last reading ended', async () => {
    arrives('while we were away');
    providers.gateway.clock.advance(3 * 86_400);
    arrives('at the end');
    const { authToken } = providers.twilio;
    providers.twilio.authToken = 'another';
    await look(1);
    expect(await texts()).toHaveLength(2);
    providers.twilio.authToken = authToken;
    await look(1);
    expect(await texts()).toEqual(['at the end', 'while we were away', 'second', 'first']);
  });
});
