import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from '../../src/proxy/pool.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { openedOf, PhonePool, tenantOf } from '../support/masked.js';
import { TestGateway } from '../support/gateway.js';
import { registerPhone } from '../support/shop.js';

const NUMBERS = 20;
const SESSIONS = 200;
const tn = (mode: number, i: number) => `+8490${mode}${String(100_000 + i)}`;
const person = (i: number) => `+84938${String(100_000 + i)}`;

describe('sessions that are opened at the same moment', () => {
  let gateway: TestGateway;
  let pool: PhonePool;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    pool = new PhonePool(gateway, await tenantOf(gateway), await registerPhone(gateway));
  });
  afterAll(() => gateway.stop());

  async function fill(mode: 'shared' | 'exclusive'): Promise<void> {
    for (let i = 0; i < NUMBERS; i++) {
      const owner = { agent_id: pool.phone.agentId, sim_slot: i };
      expect(await pool.add(tn(mode === 'shared' ? 6 : 7, i), { owner, mode })).toBe(true);
    }
  }
  async function empty(): Promise<void> {
    for (const { number } of await gateway.get(Pool).list(pool.tenant)) {
      expect(await gateway.get(Pool).remove(pool.tenant, number)).toBe('removed');
    }
  }
  const open = () => gateway.store.collection<SessionDoc>('proxy_sessions').find({ state: 'open' });

  it('on exclusive numbers: each has one session, none is lost, the others are told', async () => {
    await fill('exclusive');
    const all = await Promise.all(
      Array.from({ length: SESSIONS }, (_, i) =>
        pool.sessions.open(pool.tenant, pool.between([person(2 * i), person(2 * i + 1)], { numbers: 'one' })),
      ),
    );
    const sessions = all.filter((one) => 'session' in one).map(openedOf);
    expect(sessions).toHaveLength(NUMBERS);
    expect(all.filter((one) => 'exhausted' in one && one.exhausted === null)).toHaveLength(SESSIONS - NUMBERS);
    expect(new Set(sessions.map(({ participants }) => participants[0]!.tn)).size).toBe(NUMBERS);
    for (const { participants } of sessions) expect(participants[0]!.tn).toBe(participants[1]!.tn);
    expect(await open()).toHaveLength(NUMBERS);
    const used = await gateway.get(Pool).list(pool.tenant);
    expect(used.map(({ sessionId }) => sessionId).sort()).toEqual(sessions.map(({ _id }) => _id).sort());
    for (const { _id } of sessions) await pool.sessions.close(pool.tenant, _id);
    await empty();
  }, 60_000);

  it('on shared numbers: nobody is twice on one, and whoever is in too many is told', async () => {
    await fill('shared');
    // A dispatcher is in all of them, their customers in one each.
    const dispatcher = person(0);
    const all = await Promise.all(
      Array.from({ length: SESSIONS }, (_, i) =>
        pool.sessions.open(pool.tenant, pool.between([dispatcher, person(1000 + i)])),
      ),
    );
    const sessions = all.filter((one) => 'session' in one).map(openedOf);
    expect(new Set(sessions.map(({ participants }) => participants[0]!.tn)).size).toBe(NUMBERS);
    expect(sessions).toHaveLength(NUMBERS);
    expect(all.filter((one) => 'exhausted' in one && one.exhausted === dispatcher)).toHaveLength(SESSIONS - NUMBERS);
    expect(await open()).toHaveLength(NUMBERS);
    for (const { _id } of sessions) await pool.sessions.close(pool.tenant, _id);
  }, 60_000);

  it('while a number is removed: no session has a number that is gone', async () => {
    const [opened] = await Promise.all([
      Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          pool.sessions.open(pool.tenant, pool.between([person(3000 + 2 * i), person(3001 + 2 * i)])),
        ),
      ),
      ...Array.from({ length: NUMBERS - 2 }, (_, i) => gateway.get(Pool).remove(pool.tenant, tn(6, i))),
    ]);
    const left = (await gateway.get(Pool).list(pool.tenant)).map(({ number }) => number);
    for (const one of opened) {
      for (const { tn } of 'session' in one ? one.session.participants : []) expect(left).toContain(tn);
    }
    expect(opened.every((one) => 'session' in one)).toBe(true);
    const marks = (await gateway.get(Pool).list(pool.tenant)).filter(({ removing_at }) => removing_at);
    expect(marks).toEqual([]);
  }, 60_000);

  it('prefers the number of before, else one of the country and area', async () => {
    const two = [person(9000), person(9001)];
    const first = await pool.open(two);
    await pool.sessions.close(pool.tenant, first._id);
    for (const number of ['+12065550111', '+14155550111']) {
      await pool.add(number, { owner: { carrier: 'twilio' } });
    }
    for (let i = 0; i < 5; i++) {
      const again = await pool.open(two);
      expect(again.participants.map(({ tn }) => tn)).toEqual(first.participants.map(({ tn }) => tn));
      await pool.sessions.close(pool.tenant, again._id);
    }
    const abroad = await pool.open(['+12065550142', '+14155550143']);
    expect(abroad.participants.map(({ tn }) => tn)).toEqual(['+12065550111', '+14155550111']);
  });
});
