import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from '../../src/proxy/pool.js';
import { present, type SessionDoc } from '../../src/proxy/session.js';
import { TestGateway } from '../support/gateway.js';
import { PhonePool, tenantOf } from '../support/masked.js';
import { registerPhone } from '../support/shop.js';

const TNS = ['+84906000001', '+84906000002', '+84906000003'];
const person = (i: number) => `+84938${String(100_000 + i)}`;

describe('people who are added and removed at the same moment', () => {
  let gateway: TestGateway;
  let pool: PhonePool;
  let sessions: SessionDoc[];

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000' });
    pool = new PhonePool(gateway, await tenantOf(gateway), await registerPhone(gateway));
    for (const [i, number] of TNS.entries()) await own(number, i);
    sessions = [];
    for (let i = 0; i < 5; i++) sessions.push(await pool.open([person(100 + 2 * i), person(101 + 2 * i)]));
  });
  afterAll(() => gateway.stop());

  const own = (number: string, slot: number) =>
    pool.add(number, { owner: { agent_id: pool.phone.agentId, sim_slot: slot } });
  const add = (session: SessionDoc, address: string) =>
    pool.sessions.add(pool.tenant, session._id, [{ address, channel: 'sms' }]);
  const read = () => gateway.store.collection<SessionDoc>('proxy_sessions').find({ state: 'open' });
  const peopleOf = (all: SessionDoc[], { _id }: SessionDoc) => present(all.find((one) => one._id === _id)!);

  /** Every claim is of somebody who is there, and everybody who is there has theirs, once over all sessions. */
  async function expectSound(): Promise<SessionDoc[]> {
    const all = await read();
    for (const session of all) {
      const theirs = present(session).map(({ tn, address }) => `${tn}|${address}`);
      expect([...session.claims!].sort()).toEqual(theirs.sort());
      expect([...session.tns!].sort()).toEqual([...new Set(present(session).map(({ tn }) => tn))].sort());
      expect(session.participants.filter(({ joining, leaving }) => joining ?? leaving)).toEqual([]);
    }
    const claims = all.flatMap((session) => session.claims!);
    expect(new Set(claims).size).toBe(claims.length);
    return all;
  }

  it('are never twice on one number: each is in as many sessions as there are numbers, and told of no other', async () => {
    const wanted = [0, 1, 2, 3].flatMap((who) => sessions.map((session) => ({ who, session })));
    expect(wanted).toHaveLength(20);
    const added = await pool.sendsWhile(Promise.all(wanted.map(({ who, session }) => add(session, person(who)))));
    const all = await expectSound();
    for (const who of [0, 1, 2, 3]) {
      const mine = added.filter((_, i) => wanted[i]!.who === who);
      expect(mine.filter((one) => one && 'session' in one)).toHaveLength(TNS.length);
      expect(mine.filter((one) => one && 'exhausted' in one && one.exhausted === person(who))).toHaveLength(2);
      expect(await pool.textsTo(person(who))).toHaveLength(TNS.length);
      const sides = all.flatMap((session) => present(session).filter(({ address }) => address === person(who)));
      expect(sides.map(({ tn }) => tn).sort()).toEqual(TNS);
    }
  }, 60_000);

  it('are all in one session, each once, also where the same one is added several times', async () => {
    const [session] = sessions as [SessionDoc];
    const addresses = Array.from({ length: 10 }, (_, i) => person(200 + i));
    const adding = [...addresses, ...addresses].map((address) =>
      add(session, address).then(
        () => 'added',
        (error) => String(error.message),
      ),
    );
    const outcomes = await pool.sendsWhile(Promise.all(adding));
    expect(outcomes.filter((one) => one === 'added')).toHaveLength(10);
    expect(outcomes.filter((one) => one.includes('is in the session already'))).toHaveLength(10);
    const here = peopleOf(await expectSound(), session).map(({ address }) => address);
    expect(here.filter((address) => addresses.includes(address)).sort()).toEqual(addresses);
    for (const address of addresses) expect(await pool.textsTo(address)).toHaveLength(1);
  }, 60_000);

  it('come and go while a number is removed: nobody sees one that is gone', async () => {
    const [session, other] = sessions as [SessionDoc, SessionDoc];
    const number = '+84906000004';
    await own(number, 4);
    const all = await read();
    const leaving = peopleOf(all, session).slice(2);
    const before = peopleOf(all, other).length;
    await pool.sendsWhile(
      Promise.all([
        ...leaving.map(({ id }) => pool.sessions.removeParticipant(pool.tenant, session._id, id)),
        ...Array.from({ length: 10 }, (_, i) => add(other, person(300 + i))),
        gateway.get(Pool).remove(pool.tenant, number),
      ]),
    );
    const after = await expectSound();
    const numbers = (await gateway.get(Pool).list(pool.tenant)).map((tn) => tn.number);
    for (const tn of after.flatMap(({ tns }) => tns!)) expect(numbers).toContain(tn);
    expect(peopleOf(after, session)).toHaveLength(2);
    expect(peopleOf(after, other)).toHaveLength(before + 10);
  }, 60_000);
});
