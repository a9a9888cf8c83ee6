import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { FlowrouteKind } from '../../src/carriers/flowroute/flowroute-kind.js';
import { FakeFlowroute, flowrouteError } from '../fakes/flowroute.js';
import type { Behaviour, Reply } from '../fakes/provider-server.js';
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

const headers = { 'retry-after': String(PATIENCE_SECONDS) };
const page: Reply = { status: 502, body: '<html>Bad Gateway</html>' };

const ENDS: Record<Exclude<Ending, 'wrong credentials' | 'no connection'>, Behaviour> = {
  accepted: {},
  'accepted in words that nobody can read': { reply: { status: 202, body: '{"data":' }, takes: true },
  'refused by the route': { reply: flowrouteError(422, 'Unprocessable Entity', "'from' 12065550100 is not valid") },
  'refused for the recipient': { reply: flowrouteError(422, 'Unprocessable Entity', "'to' 12025550142 is not valid") },
  'refused for the text': { reply: flowrouteError(400, 'Bad Request', "'body' is too long") },
  'refused because of an opt-out': { reply: flowrouteError(400, 'Bad Request', 'Opted out', { code: 1110 }) },
  'refused for a reason without a code': { reply: { status: 400, body: 'Bad Request' } },
  'asked for patience': { reply: flowrouteError(429, 'Too Many Requests', 'Slow down', { headers }) },
  'asked for patience as overloaded': { reply: flowrouteError(503, 'Service Unavailable', 'Later', { headers }) },
  'cut before it was read': { cut: 'before' },
  'cut after it was read': { takes: true, cut: 'after' },
  'failed at the provider after it was read': { reply: page, takes: true },
};

const CALLBACK_TOKEN = 'the-secret-in-the-url';
const CALLBACKS = `${PUBLIC_URL}/carriers/flowroute/${CALLBACK_TOKEN}`;

export async function flowrouteUnderTest(more: object = {}): Promise<CarrierUnderTest & { fake: FakeFlowroute }> {
  const fake = await new FakeFlowroute().start();
  const kind = new FlowrouteKind(new CarrierKinds());
  const values = {
    access_key: fake.accessKey,
    secret_key: fake.secretKey,
    callback_token: CALLBACK_TOKEN,
    from: '+12065550100',
    ...more,
  };
  const open = (other: object = {}, baseUrl = fake.url) => kind.open({ ...values, ...other }, contextOf({ baseUrl }));
  const [carrier, wrongCredentials, nobodyThere] = await Promise.all([
    open(),
    open({ secret_key: 'another key' }),
    open({}, NOBODY),
  ]);
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
        const text = { ref: 'mdr2-1', text: 'Hello', callbackUrl: `${CALLBACKS}/receipt?attempt=${attempt}` };
        return callOf('status', fake.receiptCallback(text, { level: 2, status: 'delivered', code: 1004 }));
      },
      inbound(from, body) {
        const received = { id: 'mdr2-2', from: from.replace('+', ''), to: '12065550100', body, at: new Date(0) };
        return callOf('inbound', fake.inboundCallback(received, `${CALLBACKS}/inbound`));
      },
      malformed: () => callOf('inbound', fake.callback(`${CALLBACKS}/inbound`, { data: { id: 'mdr2-3' } })),
      forge: (call) => ({ ...call, url: call.url.replace(CALLBACK_TOKEN, 'another-secret') }),
    },
    secrets: [fake.secretKey, CALLBACK_TOKEN],
    stop: () => fake.stop(),
  };
}
