import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { TwilioKind } from '../../src/carriers/twilio/twilio-kind.js';
import type { Behaviour, Reply, TakenText } from '../fakes/provider-server.js';
import { FakeTwilio, twilioError } from '../fakes/twilio.js';
import {
  callOf,
  contextOf,
  countsOf,
  NOBODY,
  PATIENCE_SECONDS,
  PUBLIC_URL,
  type CarrierUnderTest,
  type Ending,
} from './carrier-under-test.js';

const patience = { 'retry-after': String(PATIENCE_SECONDS) };
const page: Reply = { status: 502, body: '<html>Bad Gateway</html>' };

const ENDS: Record<Exclude<Ending, 'wrong credentials' | 'no connection'>, Behaviour> = {
  accepted: {},
  'accepted in words that nobody can read': { reply: { status: 201, body: '{"sid":' }, takes: true },
  'refused by the route': { reply: twilioError(400, 21606, 'The From phone number is not a valid') },
  'refused for the recipient': { reply: twilioError(400, 21211, "The 'To' number +12025550142 is not valid") },
  'refused for the text': { reply: twilioError(400, 21617) },
  'refused because of an opt-out': { reply: twilioError(400, 21610) },
  'refused for a reason without a code': { reply: { status: 400, body: 'Bad Request' } },
  'asked for patience': { reply: twilioError(429, 20429, 'Too Many Requests', patience) },
  'asked for patience as overloaded': { reply: twilioError(503, 20503, 'Service Unavailable', patience) },
  'cut before it was read': { cut: 'before' },
  'cut after it was read': { takes: true, cut: 'after' },
  'failed at the provider after it was read': { reply: page, takes: true },
};

export async function twilioUnderTest(): Promise<CarrierUnderTest & { fake: FakeTwilio }> {
  const fake = await new FakeTwilio().start();
  const kind = new TwilioKind(new CarrierKinds());
  const values = { account_sid: fake.accountSid, auth_token: fake.authToken, from: '+15005550006' };
  const open = (more: object = {}, baseUrl = fake.url) => kind.open({ ...values, ...more }, contextOf({ baseUrl }));
  const [carrier, wrongCredentials, nobodyThere] = await Promise.all([
    open(),
    open({ auth_token: 'another token' }),
    open({}, NOBODY),
  ]);
  const text = { ref: 'SM1', to: '+12025550142', from: '+15005550006' } as TakenText;
  return {
    fake,
    carrier,
    prepare(ending) {
      if (ending === 'wrong credentials') return { carrier: wrongCredentials };
      if (ending === 'no connection') return { carrier: nobodyThere };
      fake.next(ENDS[ending]);
      return {};
    },
    silence: () => fake.next({ silent: true }),
    ...countsOf(fake),
    elsewhere: { wrongCredentials, nobodyThere },
    callbacks: {
      status(attempt) {
        const callbackUrl = `${PUBLIC_URL}/carriers/twilio/status?attempt=${attempt}`;
        return callOf('status', fake.statusCallback({ ...text, callbackUrl }, 'delivered'));
      },
      inbound(from, body) {
        const received = { sid: 'SM2', from, to: '+15005550006', body, at: new Date(0), more: {} };
        return callOf('inbound', fake.inboundCallback(received, `${PUBLIC_URL}/carriers/twilio/inbound`));
      },
      malformed: () => callOf('status', fake.callback(`${PUBLIC_URL}/carriers/twilio/status`, { To: '+12025550142' })),
      forge: (call) => ({ ...call, body: `${call.body}&To=%2B12025550143` }),
    },
    secrets: [fake.authToken, fake.accountSid],
    stop: () => fake.stop(),
  };
}
