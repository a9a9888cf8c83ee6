import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutgoingText, SendOutcome } from '../../src/carriers/carrier.js';
import { waitFor } from '../support/wait-for.js';
import { ENDINGS, PATIENCE_SECONDS, type CarrierUnderTest, type Ending } from './carrier-under-test.js';

const ATTEMPT = 'msg_01kah3k0000000000000000001.lea_01kah3k0000000000000000001';
const TEXT: OutgoingText = {
  attempt: ATTEMPT,
  channel: 'sms',
  to: '+12025550142',
  from: null,
  text: 'Your code is 4711',
};
const code = expect.any(String);
const reason = expect.any(String);

/** What the port promises for each ending. The four kinds differ in one thing only: whether the text may be sent again. */
const OUTCOMES: Record<Ending, object> = {
  accepted: { kind: 'accepted', ref: expect.any(String), receipts: true },
  'accepted in words that nobody can read': { kind: 'accepted', ref: null, receipts: true },
  'refused by the route': { kind: 'refused', fault: 'route', code, reason },
  'refused for the recipient': { kind: 'refused', fault: 'recipient', code, reason },
  'refused for the text': { kind: 'refused', fault: 'text', code, reason },
  'refused because of an opt-out': { kind: 'refused', fault: 'recipient', code, reason, opt_out: true },
  'refused for a reason without a code': { kind: 'refused', fault: 'route', code, reason },
  'asked for patience': { kind: 'later', cause: 'load', code, reason, retry_after: PATIENCE_SECONDS },
  'asked for patience as overloaded': { kind: 'later', cause: 'load', code, reason, retry_after: PATIENCE_SECONDS },
  'wrong credentials': {
    kind: 'later',
    cause: 'failure',
    account: true,
    code,
    reason,
    retry_after: expect.any(Number),
  },
  'no connection': { kind: 'later', cause: 'failure', code, reason },
  'cut before it was read': { kind: 'unknown', reason },
  'cut after it was read': { kind: 'unknown', reason },
  'failed at the provider after it was read': { kind: 'unknown', reason },
};

export function carrierContract(name: string, start: () => Promise<CarrierUnderTest>): void {
  describe(`the carrier ${name}`, () => {
    let under: CarrierUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());

    const never = () => new AbortController().signal;
    const text = (more: Partial<OutgoingText> = {}): OutgoingText => ({ ...TEXT, ...under.text, ...more });
    /** Receipts are promised where the carrier has any. */
    const expected = (ending: Ending): unknown => {
      const outcome = OUTCOMES[ending];
      return 'receipts' in outcome ? { ...outcome, receipts: under.carrier.capabilities.receipts } : outcome;
    };
    const expectDiscreet = (outcome: SendOutcome): void => {
      const said = JSON.stringify({ ...outcome, ref: null });
      for (const hidden of [...under.secrets, text().to.slice(1), TEXT.text]) expect(said).not.toContain(hidden);
    };

    it.each(ENDINGS)('tells what became of a text: %s', async (ending) => {
      const prepared = under.prepare(ending);
      if (!prepared) return;
      const asked = under.asked();
      const outcome = await (prepared.carrier ?? under.carrier).send(text(prepared.text), never());
      expect(outcome).toEqual(expected(ending));
      expect(under.asked() - asked).toBe(prepared.asks ?? (ending === 'no connection' ? 0 : 1));
      expectDiscreet(outcome);
    });

    it.each(['the time is up', 'the caller gives up'])('cannot tell what became of it when %s', async (why) => {
      if (!under.silence) return;
      under.silence();
      const [asked, taken] = [under.asked(), under.taken()];
      const givingUp = new AbortController();
      const sending = under.carrier.send(text(), givingUp.signal);
      await waitFor(() => expect(under.taken()).toBe(taken + 1));
      givingUp.abort(why === 'the time is up' ? new DOMException('', 'TimeoutError') : undefined);
      const outcome = await sending;
      expect(outcome).toEqual({ kind: 'unknown', reason });
      expect(under.asked() - asked).toBe(1);
      expectDiscreet(outcome);
    });

    it('sends nothing once the caller has given up', async () => {
      const asked = under.asked();
      const outcome = await under.carrier.send(text(), AbortSignal.abort());
      expect(outcome).toEqual({ kind: 'later', cause: 'failure', code, reason });
      expect(under.asked()).toBe(asked);
    });

    it('takes a text of as many characters as it says, on each of its channels', async () => {
      const { channels, characters, per_second: perSecond, concurrency } = under.carrier.capabilities;
      expect(Math.min(perSecond, concurrency, channels.length)).toBeGreaterThan(0);
      for (const channel of channels) {
        if (!under.prepare('accepted')) continue;
        const outcome = await under.carrier.send(text({ channel, text: 'x'.repeat(characters) }), never());
        expect(outcome).toEqual(expected('accepted'));
      }
    });

    it('proves the account, refuses other credentials, and says when nobody could be asked', async () => {
      expect(await under.carrier.test(never())).toMatchObject({ kind: 'proven' });
      if (!under.elsewhere) return;
      const { wrongCredentials, nobodyThere } = under.elsewhere;
      const refused = { kind: 'refused', field: expect.any(String), code, reason };
      expect(await wrongCredentials.test(never())).toEqual(refused);
      expect(await nobodyThere.test(never())).toEqual({ kind: 'untried', code, reason });
    });

    it('says later instead of a receipt when nobody answers', async () => {
      const nobody = under.elsewhere?.nobodyThere;
      expect((await nobody?.fetchReceipt?.('SM0', never())) ?? 'later').toBe('later');
      expect((await nobody?.fetchInbound?.(new Date(0), never())) ?? null).toBeNull();
    });

    it('reads a receipt that overtakes the answer, by the attempt that it carries', () => {
      if (!under.callbacks) return;
      const call = under.callbacks.status(ATTEMPT);
      const reading = under.carrier.readCallback(call);
      expect(reading).toMatchObject({ kind: 'read', events: [{ kind: 'receipt', attempt: ATTEMPT }] });
      expect(under.carrier.readCallback(call)).toEqual(reading);
    });

    it('reads a received text', () => {
      if (!under.callbacks) return;
      const call = under.callbacks.inbound('+12025550142', 'STOP & go? 100 %');
      const event = { kind: 'inbound', channel: 'sms', from: '+12025550142', text: 'STOP & go? 100 %' };
      expect(under.carrier.readCallback(call)).toMatchObject({ kind: 'read', events: [event] });
    });

    it('refuses calls that do not come from the provider, and those that miss what it always sends', () => {
      if (!under.callbacks) return;
      const { status, inbound, malformed, forge } = under.callbacks;
      for (const call of [status(ATTEMPT), inbound('+12025550142', 'hello'), malformed()])
        expect(under.carrier.readCallback(forge(call))).toEqual({ kind: 'forged', reason });
      expect(under.carrier.readCallback(malformed())).toEqual({ kind: 'malformed', field: expect.any(String), reason });
    });
  });
}
