import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MessageDoc } from '../../src/messages/message.js';
import type { RecipientDoc } from '../../src/notifications/notification.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { REFUSED, Telling } from '../support/telling.js';
import { waitFor } from '../support/wait-for.js';

/** What becomes of somebody follows what becomes of their messages, and the next way comes only after the one before. */
describe('whoever is told something', () => {
  let gateway: TestGateway;
  let telling: Telling;
  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL: 'https://sms.example.com' });
    telling = new Telling(gateway, await tenantOf(gateway));
  });
  afterAll(() => gateway.stop());

  it('has been told by e-mail once it was sent, and by SMS once it arrived', async () => {
    const { _id: mail } = await telling.tell({ audience: [{ email: 'an@example.com' }] });
    expect(await telling.becomes(mail, { outcome: 'sent', reason: null })).not.toHaveProperty('look_at');
    const { _id: sms } = await telling.tell({ audience: [{ sms: '+84901234571' }] });
    const recipient = await telling.becomes(sms, { outcome: 'waiting' });
    const [{ _id }] = (await telling.messages(recipient.following!)) as [MessageDoc];
    const store = gateway.store.collection<MessageDoc>('sms_messages');
    // As if another gateway had written it: nobody here was told of it.
    await store.updateOne({ _id }, { $set: { status: 'SENT', sent_at: gateway.clock.now() }, $inc: { rev: 1 } });
    gateway.clock.advance(3600);
    await telling.becomes(sms, { outcome: 'sent' });
    await store.updateOne({ _id }, { $set: { status: 'DELIVERED' }, $inc: { rev: 1 } });
    gateway.clock.advance(3600);
    expect(await telling.becomes(sms, { outcome: 'delivered' })).not.toHaveProperty('following');
  });

  it('has failed for the reason of the message', async () => {
    telling.carriers.sms.next(REFUSED);
    const { _id } = await telling.tell({ audience: [{ sms: '+84901234572' }] });
    await telling.becomes(_id, { outcome: 'failed', reason: expect.stringContaining('550') });
  });

  it('is told by the next way when all of the first has failed, once', async () => {
    const person = await telling.person({}, ['dead-1', 'dead-2']);
    telling.carriers.push.next(REFUSED, REFUSED);
    const { _id } = await telling.tell({
      text: 'by push, then SMS',
      audience: [{ person: person._id }],
      ways: ['push', 'sms'],
    });
    const recipient = await telling.becomes(_id, { outcome: 'waiting', step: 1 });
    expect(recipient.attempts.map(({ way }) => way)).toEqual(['push', 'push', 'sms']);
    // Or the clock would be moved under the call.
    await waitFor(() => expect(telling.told('sms', 'by push, then SMS')).toBe(1), { timeout: 10_000 });
    await telling.pass(3600);
    await telling.pass(3600);
    expect([telling.told('push', 'by push, then SMS'), telling.told('sms', 'by push, then SMS')]).toEqual([2, 1]);
  });

  it('is not told by the next way while one device may still have it', async () => {
    const person = await telling.person({}, ['dead-3', 'alive-1']);
    telling.carriers.push.next(REFUSED);
    const { _id } = await telling.tell({
      text: 'one device',
      audience: [{ person: person._id }],
      ways: ['push', 'sms'],
    });
    await telling.becomes(_id, { outcome: 'sent', step: 0 });
    await telling.pass(7 * 86_400);
    expect(telling.told('sms', 'one device')).toBe(0);
  });

  it('is not told again when nobody knows whether it went out', async () => {
    const person = await telling.person();
    telling.carriers.sms.next({ kind: 'unknown', reason: 'no answer in time' });
    const { _id } = await telling.tell({
      text: 'who knows',
      audience: [{ person: person._id }],
      ways: ['sms', 'email'],
    });
    const { following } = await telling.becomes(_id, { outcome: 'waiting', step: 0 });
    await waitFor(async () => expect((await telling.messages(following!))[0]!.status).toBe('SENDING'));
    await telling.pass(5 * 86_400);
    await telling.becomes(_id, { outcome: 'failed', reason: 'UNCONFIRMED', step: 0 });
    expect(telling.told('email', 'who knows')).toBe(0);
  });

  it('is told by the next way when the time to confirm is over, and not before', async () => {
    const person = await telling.person();
    const order = { text: 'confirm me', ways: ['email', 'sms'], escalateAfterSeconds: 600, confirm: true } as const;
    const { _id } = await telling.tell({ ...order, audience: [{ person: person._id }] });
    const recipient = await telling.becomes(_id, { outcome: 'sent', step: 0 });
    expect(telling.carriers.email.sent.at(-1)!.text).toMatch(/^confirm me\nhttps:\/\/sms\.example\.com\/confirm\/\S+$/);
    await telling.pass(590);
    expect(telling.told('sms', 'confirm me')).toBe(0);
    await telling.pass(11);
    await telling.becomes(_id, { outcome: 'sent', step: 1 });
    await telling.turn();
    expect(telling.told('sms', 'confirm me')).toBe(1);
    expect((await telling.recipients(_id))[0]!.attempts).toHaveLength(recipient.attempts.length + 1);
  });

  it('is never told by the next way for time alone', async () => {
    const person = await telling.person();
    const order = { text: 'no need', ways: ['email', 'sms'], escalateAfterSeconds: 60 } as const;
    const { _id } = await telling.tell({ ...order, audience: [{ person: person._id }] });
    await telling.becomes(_id, { outcome: 'sent' });
    await telling.pass(3600);
    expect(telling.told('sms', 'no need')).toBe(0);
  });

  describe('when a gateway dies', () => {
    const recipients = () => gateway.store.collection<RecipientDoc>('notification_recipients');
    const messages = () => gateway.store.collection<MessageDoc>('sms_messages');

    it('after the recipients of a page, gets the messages all the same, once', async () => {
      const { _id } = await telling.tell({ text: 'left behind', audience: [{ sms: '+84901234573' }] });
      const sent = await telling.becomes(_id, { outcome: 'waiting' });
      const lost = await telling.tell({ text: 'lost', audience: [{ sms: '+84901234574' }] });
      const [recipient] = await telling.recipients(lost._id);
      await messages().deleteMany({ _id: { $in: recipient!.following! } });
      await telling.pass(11);
      await telling.becomes(lost._id, { outcome: 'waiting', rev: expect.any(Number) });
      expect(await messages().find({ _id: { $in: recipient!.following! } })).toHaveLength(1);
      expect(await messages().find({ _id: { $in: sent.following! } })).toHaveLength(1);
    });

    it('between the step and its messages, gets them all the same, once', async () => {
      const person = await telling.person({}, ['dead-4']);
      telling.carriers.push.next(REFUSED);
      const order = { text: 'half a step', ways: ['push', 'sms'] as const, audience: [{ person: person._id }] };
      const { _id } = await telling.tell(order);
      const { attempts } = await telling.becomes(_id, { step: 1 });
      const told = () => telling.told('sms', 'half a step');
      await waitFor(() => expect(told()).toBe(1), { timeout: 10_000 });
      // The step was stored, its message wasn't.
      await messages().deleteMany({ _id: attempts[1]!.message_id });
      await recipients().updateOne({ notification_id: _id }, { $set: { look_at: gateway.clock.now() } });
      await telling.becomes(_id, { step: 1 });
      const [again] = await telling.messages([attempts[1]!.message_id]);
      expect(again).toMatchObject({ to: person.phone });
      expect((await telling.recipients(_id))[0]!.attempts).toEqual(attempts);
    });
  });

  it('that lost their only route is told by the next way, or has failed for it', async () => {
    telling.takeAway('push');
    const person = await telling.person({}, ['alive-2']);
    const audience = [{ person: person._id }];
    const { _id: both } = await telling.tell({ audience, ways: ['push', 'email'] });
    await telling.becomes(both, { step: 1, outcome: 'sent' });
    const { _id: push } = await telling.tell({ audience, ways: ['push'] });
    expect(await telling.recipients(push)).toMatchObject([{ outcome: 'failed', reason: 'NO_ROUTE', attempts: [] }]);
  });
});
