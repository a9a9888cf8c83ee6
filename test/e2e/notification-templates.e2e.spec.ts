import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PersonDoc } from '../../src/people/person.js';
import { OptOuts } from '../../src/sending-rules/opt-outs.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { REFUSED, Telling } from '../support/telling.js';
import { waitFor } from '../support/wait-for.js';

/** What a template says of its messages holds for notifications as for requests. */
describe('a notification by template', () => {
  let gateway: TestGateway;
  let telling: Telling;
  let admin: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '1000000' });
    telling = new Telling(gateway, await tenantOf(gateway));
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  async function template(fields: object): Promise<string> {
    const { id } = must(
      201,
      await admin.post('/templates', { name: 'code', content: 'Mã của bạn: {CODE}', ...fields }),
    );
    must(200, await admin.post(`/templates/${id}/approve`));
    return id;
  }
  let codes = 0;
  async function tell(template_id: string, to: object[], more: object = {}) {
    const variables = { CODE: `c${++codes}.` };
    const { notification_id } = must(
      201,
      await admin.post('/notifications', { to, template_id, variables, title: 'Chào bạn', ...more }),
    );
    return { id: notification_id as string, code: variables.CODE };
  }
  const textTo = (to: string, code: string) =>
    Object.values(telling.carriers)
      .flatMap(({ sent }) => sent)
      .find((one) => one.to === to && one.text.includes(code))?.text;
  const outcomes = async (id: string) =>
    Object.fromEntries(
      (await telling.recipients(id)).map(({ person_id, ways, attempts, outcome, reason }) => [
        attempts[0]?.to ?? person_id,
        [outcome, reason, ways.length],
      ]),
    );
  const become = (id: string, expected: object) =>
    waitFor(
      async () => {
        await telling.turn();
        expect(await outcomes(id)).toMatchObject(expected);
      },
      { timeout: 10_000 },
    );

  it('has its SMS in the alphabet that the template wants, and nothing else', async () => {
    const vi = { vi: { content: 'Mã số: {CODE}' } };
    const id = await template({ encoding: 'gsm7', translations: vi });
    const [person, other] = [await telling.person({ language: 'vi' }), '+84901239901'];
    const to = [{ person_id: person._id }, { phone: other }, { email: 'an@example.com' }];
    const { code } = await tell(id, to, { channels: ['sms'] });
    await waitFor(async () => {
      await telling.turn();
      expect([other, person.phone!, 'an@example.com'].map((one) => textTo(one, code))).toEqual([
        `Chào ban\nMa cua ban: ${code}`,
        `Chào ban\nMa so: ${code}`,
        `Mã của bạn: ${code}`,
      ]);
    });
    const plain = await tell(await template({}), [{ phone: other }]);
    await waitFor(async () => {
      await telling.turn();
      expect(textTo(other, plain.code)).toBe(`Chào bạn\nMã của bạn: ${plain.code}`);
    });
  });

  describe('to numbers that have opted out', () => {
    let optedOut: PersonDoc;
    let ended: PersonDoc;
    const number = '+84901239902';
    beforeAll(async () => {
      optedOut = await telling.person({ preference: 'sms' });
      ended = await telling.person({ preference: 'sms', stopped: ['sms'] });
      const numbers = [optedOut.phone!, number].map((one) => ({
        number: one,
        sender: null,
        source: 'keyword' as const,
      }));
      await gateway.get(OptOuts).add(telling.tenant, numbers);
      telling.carriers.sms.always = { kind: 'accepted', ref: null, receipts: false };
    });
    const to = () => [{ phone: number }, { person_id: optedOut._id }, { person_id: ended._id }];

    it('does not reach them', async () => {
      const { id, code } = await tell(await template({}), to());
      await become(id, {
        [number]: ['failed', 'OPTED_OUT', 1],
        [optedOut._id]: ['skipped', 'STOPPED', 0],
        [ended._id]: ['skipped', 'STOPPED', 0],
      });
      expect(telling.told('sms', code)).toBe(0);
    });

    it('reaches them when the template ignores opt-outs, but for those who have ended SMS themselves', async () => {
      const { id, code } = await tell(await template({ ignores_opt_outs: true }), to());
      await become(id, {
        [number]: ['sent', null, 1],
        [optedOut.phone!]: ['sent', null, 1],
        [ended._id]: ['skipped', 'STOPPED', 0],
      });
      expect(telling.told('sms', code)).toBe(2);
    });

    it('goes on to them by SMS when the template ignores opt-outs, and not otherwise', async () => {
      const channels = { channels: ['email', 'sms'] };
      for (const ignores_opt_outs of [true, false]) {
        telling.carriers.email.next(REFUSED);
        const told = await tell(await template({ ignores_opt_outs }), [{ person_id: optedOut._id }], channels);
        const outcome = ignores_opt_outs ? ['sent', null, 2] : ['failed', '550', 1];
        await become(told.id, { [optedOut.email!]: outcome });
        expect(telling.told('sms', told.code)).toBe(ignores_opt_outs ? 1 : 0);
      }
    });
  });
});
