import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RecountMarked } from '../../src/messages/counting/recount-marked.js';
import { Recount } from '../../src/messages/counting/recount.js';
import { RecountWorker } from '../../src/messages/counting/recount.worker.js';
import { byHand } from '../support/by-hand.js';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

/** More in one minute than is counted anew for everybody who asks. */
const MANY = 2100;

describe('a report of more than was counted', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeEach(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway);
    await byHand(gateway.get(RecountWorker));
    gateway.clock.set('2126-11-21T10:00:00.000Z');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const send = (count: number) => accept(shop.client, requestOf(shop, messagesTo(count, `lag${++code}`)));
  const summary = async (query = '') => {
    const { headers, body } = await shop.admin.get(`/reports/summary?${query}`);
    return [headers.get('x-report-complete'), headers.get('x-counted-until'), body[0]?.total ?? 0];
  };
  /** As if the minutes were counted so long ago. */
  const rest = (millis: number) => {
    for (const last of gateway.get(RecountMarked)['counted'].values()) last.began -= millis;
  };
  const work = () => gateway.get(RecountWorker).run();

  it('says so, and until when it counts', async () => {
    expect(await summary()).toEqual(['true', '2126-11-21T10:00:00.000Z', 0]);
    await send(MANY);
    gateway.clock.advance(30);
    expect(await summary()).toEqual(['true', '2126-11-21T10:00:30.000Z', MANY]);
    await send(5);
    expect(await summary()).toEqual(['false', '2126-11-21T10:00:00.000Z', MANY]);
    gateway.clock.advance(60);
    await send(1);
    expect(await summary()).toEqual(['false', '2126-11-21T10:00:00.000Z', MANY + 1]);
    expect(await summary('to=2126-11-20')).toEqual(['true', '2126-11-21T10:01:30.000Z', 0]);
  });

  it('is right ten seconds later, also while more and more comes', async () => {
    await send(MANY);
    await summary();
    await send(5);
    rest(10_001);
    await work();
    expect(await summary()).toEqual(['false', '2126-11-21T10:00:00.000Z', MANY + 5]);
    rest(10_001);
    expect(await summary()).toEqual(['true', '2126-11-21T10:00:00.000Z', MANY + 5]);
  });

  it('is brought up to date by the worker, however often others begin to count and are cut off', async () => {
    await send(MANY);
    const minute = jest.spyOn(gateway.get(Recount), 'minute').mockResolvedValue({ isSet: false, rows: MANY });
    expect(await summary()).toEqual(['false', '2126-11-21T10:00:00.000Z', 0]);
    minute.mockRestore();
    await work();
    expect((await summary())[2]).toBe(MANY);
  });

  it('says so when there is more marked than it looks at', async () => {
    jest.spyOn(gateway.get(RecountMarked), 'workOff').mockResolvedValue(0);
    await send(1);
    gateway.clock.advance(60);
    await send(1);
    expect(await summary()).toEqual(['false', '2126-11-21T10:00:00.000Z', 0]);
  });

  it('is told in the document', async () => {
    const document = (await gateway.api.get('/schema/openapi.json')).body;
    const { headers } = document.paths['/reports/summary'].get.responses['200'];
    expect(Object.keys(headers)).toEqual(['X-Report-Complete', 'X-Counted-Until']);
  });
});
