import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InboundRepository } from '../../src/inbound/inbound.repository.js';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import { Cancellation } from '../../src/messages/cancellation.js';
import { OwnTexts } from '../../src/messages/own-texts.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { SessionsRepository } from '../../src/proxy/sessions.repository.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import { Dying } from '../support/dying.js';
import { TestGateway } from '../support/gateway.js';
import { newPerson, openPool, type PhonePool, SAFE_RIDE } from '../support/masked.js';

const TN = '+84906000001';
const [START, END, NONE] = ['[SAFE RIDE]: Begin.', '[SAFE RIDE]: Over.', '[SAFE RIDE]: No ride is on.'];

/** One number, exclusive: a session that kept it would let nobody have another. */
describe('a gateway that dies at any write of a masked conversation', () => {
  let gateway: TestGateway;
  let pool: PhonePool;
  let dying: Dying;

  beforeAll(async () => {
    gateway = await TestGateway.start(SAFE_RIDE);
    pool = await openPool(gateway);
    await pool.add(TN, { mode: 'exclusive' });
    dying = new Dying(
      [gateway.get(SessionsRepository), 'insertNew', 'change', 'add', 'remove'],
      [gateway.get(OwnTexts), 'send'],
      [gateway.get(Cancellation), 'cancel'],
      [gateway.get(InboundRepository), 'handled'],
    );
  });
  afterAll(() => gateway.stop());

  const persons = (count: number) => Array.from({ length: count }, newPerson);
  const sessionOf = (address: string) =>
    gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ 'participants.address': address });
  async function turn(): Promise<void> {
    gateway.clock.advance(61);
    await gateway.get(SessionsWorker).run();
    await gateway.get(InboundWorker).run();
  }
  /** What a person was told, by texts that left. */
  async function told(address: string): Promise<string[]> {
    return (await pool.messagesTo(address)).filter(({ status }) => status === 'SENT').map(({ text }) => text);
  }

  /**
   * Acts again and again, with a death at each write in turn, before and after it, and one more at each write of the recovery, until
   * neither is reached; looks each time at what is left once all is at rest. Answers how often it died.
   */
  async function atEveryWrite<T>({ prepare, act, look }: Scene<T>): Promise<number> {
    for (let deaths = 0, place = 1; ; place++) {
      for (const when of ['before', 'after'] as const) {
        for (let again = 1; ; again++) {
          const scene = await prepare();
          dying.at(place, when);
          await act(scene);
          const isOver = !dying.isDead;
          if (!isOver) dying.at(again, 'after');
          await turn().catch(() => undefined);
          const isRecovered = !dying.isDead;
          dying.revive();
          for (let i = 0; i < 2; i++) await turn();
          await pool.sends();
          await look(scene);
          if (isOver) return deaths;
          deaths++;
          if (isRecovered) break;
        }
      }
    }
  }
  const open = (addresses: readonly string[]) => pool.open(addresses, { numbers: 'one' });
  const close = ({ _id }: SessionDoc) => pool.sessions.close(pool.tenant, _id, 'Over.');

  it.each([true, false])(
    'opens a session whole, or leaves nothing of it (a phone fetches its texts: %s)',
    async (hasPhone) => {
      const ends = new Set<string>();
      const deaths = await atEveryWrite({
        prepare: () => Promise.resolve({ two: persons(2), hasLeft: hasPhone }),
        act: async (scene) => {
          const order = pool.between(scene.two, { numbers: 'one', startText: 'Begin.' });
          const opening = pool.sessions.open(pool.tenant, order).catch(() => null);
          if (!hasPhone) await untilDead(async () => (await pool.messagesTo(scene.two[1]!)).length > 0);
          if (!dying.isDead) scene.hasLeft = true;
          await (scene.hasLeft ? pool.sendsWhile(opening) : opening);
        },
        look: async ({ two, hasLeft }) => {
          const session = await sessionOf(two[0]!);
          ends.add(session?.state ?? 'gone');
          const texts = await Promise.all(two.map(told));
          if (session) {
            expect(session).toMatchObject({ state: 'open', tns: [TN] });
            expect(session).not.toHaveProperty('opening_until');
            expect(texts).toEqual([[START], [START]]);
            await close(session);
            await pool.sends();
          } else if (hasLeft) for (const heard of texts) expect([[], [START]]).toContainEqual(heard);
          else expect(texts).toEqual([[], []]);
        },
      });
      expect(deaths).toBeGreaterThan(10);
      expect([...ends].sort()).toEqual(['gone', 'open']);
    },
  );

  it('ends a session whole, and tells everybody once', async () => {
    const deaths = await atEveryWrite({
      prepare: async () => ({ session: await open(persons(2)) }),
      act: ({ session }) => close(session).catch(() => null),
      look: async ({ session: { _id, participants } }) => {
        // Of a death before the first write nothing is left: whoever got no answer ends it again.
        await pool.sessions.close(pool.tenant, _id, 'Over.');
        await pool.sends();
        const session = (await sessionOf(participants[0]!.address))!;
        expect(session).toMatchObject({ state: 'closed' });
        for (const field of ['claims', 'tns', 'closing']) expect(session).not.toHaveProperty(field);
        for (const { address } of participants) expect(await told(address)).toEqual([END]);
      },
    });
    expect(deaths).toBeGreaterThan(5);
  });

  it.each([false, true])('relays a text to everybody once (the session has expired since: %s)', async (expires) => {
    const deaths = await atEveryWrite({
      prepare: async () => ({
        session: await pool.open(persons(3), { numbers: 'one', ...(expires ? { inactiveSeconds: 60 } : {}) }),
      }),
      act: ({ session }) => pool.hear(session.participants[0]!.address, 'Hello'),
      look: async ({ session }) => {
        const [a, ...others] = await Promise.all(session.participants.map(({ address }) => told(address)));
        const [relayed] = others;
        // It had expired before anything was passed on.
        if (expires && relayed!.length === 0) {
          expect(others).toEqual([[], []]);
          expect(a).toEqual([NONE]);
        } else {
          expect(others).toEqual([['Participant 1: Hello'], ['Participant 1: Hello']]);
          expect(a).toEqual([]);
        }
        await close(session);
        await pool.sends();
      },
    });
    expect(deaths).toBeGreaterThan(5);
  });

  async function untilDead(isThere: () => Promise<boolean>): Promise<void> {
    while (!dying.isDead && !(await isThere())) await new Promise((resolve) => setImmediate(resolve));
  }
});

interface Scene<T> {
  prepare: () => Promise<T>;
  act: (scene: T) => Promise<unknown>;
  look: (scene: T) => Promise<void>;
}
