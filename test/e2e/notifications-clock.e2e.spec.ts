import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { Telling } from '../support/telling.js';
import { waitFor } from '../support/wait-for.js';

const [BEFORE, TIME, AFTER] = ['2126-11-21T11:00:00Z', '2126-11-21T12:00:00Z', '2126-11-21T13:00:00Z'];
const PATIENCE = { timeout: 10_000 };

/** Machines' clocks are set: a time may pass twice, and an hour may be missing. */
describe('a notification for a time, while the clock is set', () => {
  let gateway: TestGateway;
  let telling: Telling;
  let told = 0;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    await open();
  });
  afterAll(() => gateway.stop());

  async function open(): Promise<void> {
    telling = new Telling(gateway, await tenantOf(gateway));
    // The same attempt has the same id in every gateway.
    telling.carriers.email.always = ({ attempt }) =>
      Promise.resolve({ kind: 'accepted', ref: attempt, receipts: false });
  }
  async function turn(): Promise<void> {
    await gateway.get(NotificationsWorker).run();
    await telling.turn();
  }
  const newText = () => `for a time ${++told}.`;

  /** How often it was handed over, once something that was asked for after it, and is due now, has gone out. */
  async function times(text: string): Promise<number> {
    const mark = newText();
    await telling.tell({ text: mark, audience: [{ email: 'mark@example.com' }] });
    await waitFor(async () => {
      await turn();
      expect(telling.told('email', mark)).toBe(1);
    }, PATIENCE);
    return telling.told('email', text);
  }
  async function isSent(text: string, id: string): Promise<void> {
    await waitFor(async () => {
      await turn();
      const recipients = await telling.recipients(id);
      expect(recipients.map(({ outcome }) => outcome)).toEqual(['sent']);
    }, PATIENCE);
    expect(await times(text)).toBe(1);
  }

  /** `address` has its message at once, and `topic` only when its time has come. */
  const kinds = [{ to: 'address' as const }, { to: 'topic' as const }];
  let topics = 0;
  async function tellAt(to: 'address' | 'topic', text: string): Promise<string> {
    const order = { text, sendAt: new Date(TIME) };
    if (to === 'address') return (await telling.tell({ ...order, audience: [{ email: 'an@example.com' }] }))._id;
    const [admin, topic, { _id: person }] = [await gateway.admin(), `news-${++topics}`, await telling.person()];
    must(201, await admin.post('/topics', { name: topic }));
    must(200, await admin.put(`/topics/${topic}/subscribers/${person}`));
    return (await telling.tell({ ...order, topic, audience: [] }))._id;
  }

  it.each(kinds)('that nobody saw pass is not sent before it comes again ($to)', async ({ to }) => {
    gateway.clock.set(BEFORE);
    const text = newText();
    const id = await tellAt(to, text);
    gateway.clock.set(AFTER);
    gateway.clock.set(BEFORE);
    expect(await times(text)).toBe(0);
    gateway.clock.set('2126-11-21T11:59:59.999Z');
    expect(await times(text)).toBe(0);
    gateway.clock.set(TIME);
    await isSent(text, id);
  });

  it.each(kinds)('that was sent is not sent again when its time comes again ($to)', async ({ to }) => {
    gateway.clock.set(BEFORE);
    const text = newText();
    const id = await tellAt(to, text);
    gateway.clock.set(AFTER);
    await isSent(text, id);
    for (const time of [BEFORE, TIME, AFTER]) {
      gateway.clock.set(time);
      expect(await times(text)).toBe(1);
    }
    await isSent(text, id);
  });

  it.each(kinds)('outlives a restart behind a clock that was set back ($to)', async ({ to }) => {
    gateway.clock.set(BEFORE);
    const text = newText();
    const id = await tellAt(to, text);
    gateway.clock.set('2126-11-21T11:30:00Z');
    await turn();
    gateway.clock.set('2126-11-21T10:00:00Z');
    await gateway.restart();
    await open();
    expect(await times(text)).toBe(0);
    gateway.clock.set(TIME);
    await isSent(text, id);
  });

  // In Berlin the clock is set forward in the night to 30 March 2127, and back in that to 26 October.
  it.each([
    { night: 'forward', tells: '2127-03-29T22:30:00Z', morning: '2127-03-30T05:00:00.000Z' },
    { night: 'back', tells: '2127-10-25T21:30:00Z', morning: '2127-10-26T06:00:00.000Z' },
  ])('comes at seven o’clock after quiet hours in which it is set $night', async ({ tells, morning }) => {
    const quiet_hours = { from: '22:00', to: '07:00' };
    const person = await telling.person({ quiet_hours, time_zone: 'Europe/Berlin' });
    gateway.clock.set(tells);
    const text = newText();
    const { _id: id } = await telling.tell({ text, audience: [{ person: person._id }] });
    gateway.clock.set(new Date(Date.parse(morning) - 1).toISOString());
    expect(await times(text)).toBe(0);
    gateway.clock.set(morning);
    await isSent(text, id);
    gateway.clock.set(tells);
    expect(await times(text)).toBe(1);
  });
});
