import { describe, expect, it } from '@jest/globals';
import { compileUpdate } from '../database/embedded/documents/update-document.js';
import type { Update } from '../database/query.js';
import type { Lease } from '../domain/lease.js';
import * as changes from './changes.js';
import type { MessageDoc } from './message.js';
import { newMessage } from './new-message.js';

const START = Date.UTC(2026, 10, 21, 10);
const at = (seconds: number) => new Date(START + seconds * 1000);
const LEASE: Lease = { id: 'lea_1', holder: 'agt_1', at: at(0), expires_at: at(60) };
const by = (seconds: number) => ({ actor: 'system', now: at(seconds) });

function born(): MessageDoc {
  return newMessage({
    _id: 'msg_1',
    tenant_id: 'ten_1' as MessageDoc['tenant_id'],
    request_id: 'req_1',
    sequence: 0,
    client_id: 'key_1',
    to: '+84901234567',
    text: 'hello',
    priority: 'NORMAL',
    expires_at: at(86_400),
    route: 'group:shop',
    agent_id: null,
    created_at: at(-10),
  });
}

/** The document after the update, as the store makes it. */
function after(seen: MessageDoc, update: Update): MessageDoc {
  const doc = structuredClone(seen) as unknown as Record<string, unknown>;
  compileUpdate(update).apply(doc);
  return doc as unknown as MessageDoc;
}

const leasedOne = (lease: Partial<Lease> = {}) => {
  const seen = born();
  return after(seen, changes.leased(seen, { ...LEASE, ...lease }, { sim_slot: 1 }, 'agent:agt_1', 'agt_1'));
};
const calling = () => after(leasedOne(), changes.callStarted(leasedOne(), at(1)));
const events = ({ history }: MessageDoc) => history.map(({ event }) => event);

describe('a change of a message', () => {
  it('raises rev by one, whatever it is', () => {
    const held = leasedOne();
    const all = [
      changes.moved(held, { to: ['SENDING'], ...by(1) }),
      changes.failed(held, 'EXPIRED', at(1)),
      changes.leased(held, LEASE, {}, 'agent:agt_1', null),
      changes.callStarted(held, at(1)),
      changes.leaseEnded(held, by(1)),
      changes.promoted(held),
      changes.postponed(held, at(9), { ...by(1), counts: true }),
      changes.rerouted(held, { route: 'group:b', queue: 'q', agentId: null }, by(1)),
      changes.noted({ ...by(1), note: 'so' }),
      changes.recallAsked(held, by(1)),
      changes.returned(held, 'q', by(1)),
      changes.canceled(held, by(1)),
      changes.blanked(at(1)),
    ];
    for (const update of all) expect(after(held, update).rev).toBe(held.rev + 1);
  });

  it('refuses moves that are not of the lifecycle', () => {
    expect(() => changes.moved(born(), { to: ['DELIVERED'], ...by(1) })).toThrow('PENDING to DELIVERED');
    const sending = after(leasedOne(), changes.moved(leasedOne(), { to: ['SENDING'], ...by(1) }));
    for (const change of [
      () => changes.leased(sending, LEASE, {}, 'system', null),
      () => changes.leaseEnded(sending, by(2)),
      () => changes.promoted(sending),
      () => changes.postponed(sending, at(9), { ...by(2), counts: false }),
      () => changes.rerouted(sending, { route: 'group:b', queue: 'q', agentId: null }, by(2)),
      () => changes.callStarted(sending, at(2)),
    ]) {
      expect(change).toThrow(/SENDING|Nobody holds/);
    }
  });
});

describe('a lease', () => {
  it('takes the message out of the waiting list until it runs out', () => {
    const held = leasedOne();
    expect(held).toMatchObject({
      status: 'ASSIGNED',
      lease: { ...LEASE, sim_slot: 1 },
      due_at: at(60),
      attempts: 1,
      agent_id: 'agt_1',
      holders: ['agt_1'],
    });
    expect(held.ready).toBeUndefined();
    expect(held.history).toEqual([
      {
        at: at(0),
        actor: 'agent:agt_1',
        event: 'leased',
        from: 'PENDING',
        to: 'ASSIGNED',
        lease_id: 'lea_1',
        lease_expires_at: at(60),
        sim_slot: 1,
      },
    ]);
  });

  it('that is given back was no attempt, also when it was the last one', () => {
    const held = leasedOne({ last: true });
    const back = after(held, changes.leaseEnded(held, { ...by(5), note: 'hung up' }));
    expect(back).toMatchObject({ status: 'ASSIGNED', ready: true, attempts: 0, lease: { ended_at: at(5) } });
    expect(back.due_at).toBeUndefined();
    expect(back.lease!.last).toBeUndefined();
    expect(back.history.at(-1)).toMatchObject({ event: 'lease_ended', lease_id: 'lea_1', note: 'hung up' });
  });

  it('is in nobody’s hands once the message is through', () => {
    const sent = after(leasedOne(), changes.moved(leasedOne(), { to: ['SENDING', 'SENT'], ...by(5) }));
    expect(sent).toMatchObject({ status: 'SENT', sent_at: at(5), lease: { ended_at: at(5) } });
    expect([sent.due_at, sent.fails_at]).toEqual([undefined, undefined]);
    expect(events(sent)).toEqual(['leased', 'moved', 'moved']);
  });

  it('whose holder called a provider lets nobody else have the message', () => {
    const open = calling();
    expect(open.lease!.call_started_at).toEqual(at(1));
    for (const change of [
      () => changes.leaseEnded(open, by(2)),
      () => changes.promoted(open),
      () => changes.leased(open, LEASE, {}, 'system', null),
      () => changes.rerouted(open, { route: 'group:b', queue: 'q', agentId: null }, by(2)),
    ]) {
      expect(change).toThrow('may have gone out');
    }
    expect(() => changes.callStarted(leasedOne(), at(60))).toThrow('Nobody holds');
  });
});

describe('postponed', () => {
  it.each([
    [true, 1],
    [false, 0],
  ])('by its holder, it waits in nobody’s hands; the lease counts: %s', (counts, attempts) => {
    const held = calling();
    const waits = after(held, changes.postponed(held, at(300), { ...by(5), note: 'busy', counts }));
    expect(waits).toMatchObject({ status: 'ASSIGNED', due_at: at(300), attempts, lease: { ended_at: at(5) } });
    expect(waits.ready).toBeUndefined();
    expect(waits.lease!.call_started_at).toBeUndefined();
    expect(waits.history.at(-1)).toEqual({
      at: at(5),
      actor: 'system',
      event: 'postponed',
      until: at(300),
      lease_id: 'lea_1',
      note: 'busy',
    });
    const again = after(waits, changes.promoted(waits));
    expect([again.ready, again.due_at]).toEqual([true, undefined]);
  });

  it('is the last attempt still when it counts, and not when it doesn’t', () => {
    const held = leasedOne({ last: true });
    const wait = (counts: boolean) => after(held, changes.postponed(held, at(300), { ...by(5), counts }));
    expect(wait(true).lease!.last).toBe(true);
    expect(wait(false).lease!.last).toBeUndefined();
  });

  it('in nobody’s hands, it keeps the attempts it had', () => {
    const fresh = born();
    const waits = after(fresh, changes.postponed(fresh, at(300), { ...by(5), counts: false }));
    expect(waits).toMatchObject({ status: 'PENDING', due_at: at(300), attempts: 0 });
    expect([waits.ready, waits.lease]).toEqual([undefined, undefined]);
    const lapsed = leasedOne();
    const later = after(lapsed, changes.postponed(lapsed, at(300), { ...by(90), counts: false }));
    expect(later).toMatchObject({ status: 'ASSIGNED', due_at: at(300), attempts: 1 });
    expect(later.lease!.ended_at).toBeUndefined();
  });
});

describe('rerouted', () => {
  const to = { route: 'agent:agt_2', queue: 'ten_1:agent:agt_2', agentId: 'agt_2' };

  it('takes a lease back and can be claimed at once', () => {
    const moved = after(leasedOne(), changes.rerouted(leasedOne(), to, by(5)));
    expect(moved).toMatchObject({ route: to.route, queue: to.queue, agent_id: 'agt_2', ready: true, attempts: 1 });
    expect([moved.due_at, moved.lease!.ended_at]).toEqual([undefined, at(5)]);
  });

  it('leaves a schedule as it is', () => {
    const scheduled = { ...born(), ready: undefined, due_at: at(500) };
    expect(after(scheduled, changes.rerouted(scheduled, to, by(5)))).toMatchObject({
      due_at: at(500),
      status: 'PENDING',
    });
  });
});

describe('what a phone may have sent unasked', () => {
  const unasked = () => leasedOne({ unasked: true });
  const recalled = () => after(unasked(), changes.recallAsked(unasked(), { actor: 'client:key_1', now: at(5) }));
  const OWN = 'ten_1:agent:agt_1';

  it('waits for that phone alone once its lease has run out', () => {
    expect(after(unasked(), changes.promoted(unasked()))).toMatchObject({
      ready: true,
      queue: OWN,
      route: 'group:shop',
    });
    const back = after(unasked(), changes.leaseEnded(unasked(), by(1)));
    expect(after(back, changes.promoted(back)).queue).toBe(born().queue);
    expect(after(leasedOne(), changes.promoted(leasedOne())).queue).toBe(born().queue);
  });

  it('is anybody’s again once the phone has told that it has not', () => {
    const lapsed = after(unasked(), changes.promoted(unasked()));
    const told = after(lapsed, changes.returned(lapsed, born().queue, { ...by(90), note: 'TTL expired' }));
    expect(told).toMatchObject({ status: 'ASSIGNED', ready: true, queue: born().queue, unsent: 1, attempts: 1 });
    expect(told.lease!.ended_at).toEqual(at(90));
    expect(told.history.at(-1)).toMatchObject({ event: 'lease_ended', note: 'TTL expired' });
  });

  it('is canceled, in the name of who asked, by whatever shows that it has not', () => {
    const lapsed = after(recalled(), changes.promoted(recalled()));
    const told = after(lapsed, changes.returned(lapsed, 'q', by(90)));
    expect([told.status, told.history.at(-1)!.actor, told.recall]).toEqual(['CANCELED', 'client:key_1', undefined]);
    const moved = after(lapsed, changes.rerouted(lapsed, { route: 'group:b', queue: 'q', agentId: null }, by(90)));
    expect([moved.status, moved.queue]).toEqual(['CANCELED', OWN]);
    const confirmed = after(recalled(), changes.canceled(recalled(), by(6)));
    expect(confirmed).toMatchObject({ status: 'CANCELED', last_error: 'CANCELED_BY_CLIENT' });
    expect(confirmed).not.toHaveProperty('recall');
  });

  it('is no longer recalled once it was sent', () => {
    const sent = after(recalled(), changes.moved(recalled(), { to: ['SENT'], ...by(6) }));
    expect([sent.status, sent.recall]).toEqual(['SENT', undefined]);
  });
});

it('keeps a history from growing without end', () => {
  let message = born();
  for (let i = 0; i < 150; i++) message = after(message, changes.noted({ ...by(i), note: `${i}` }));
  expect(message.history).toHaveLength(100);
  expect(message.history.at(-1)!.note).toBe('149');
});
