import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { FcmKind } from '../../src/carriers/fcm/fcm-kind.js';
import { FakeFcm, fcmError } from '../fakes/fcm.js';
import type { Behaviour } from '../fakes/provider-server.js';
import {
  contextOf,
  countsOf,
  NOBODY,
  PATIENCE_SECONDS,
  type CarrierUnderTest,
  type Ending,
} from './carrier-under-test.js';

const patience = { 'retry-after': String(PATIENCE_SECONDS) };

/** Firebase knows of no opt-outs, and says of no text that nobody would take it. */
const ENDS: Partial<Record<Ending, Behaviour>> = {
  accepted: {},
  'accepted in words that nobody can read': { reply: { status: 200, body: '{"name":' }, takes: true },
  'refused by the route': { reply: fcmError(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH') },
  'refused for the recipient': { reply: fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT') },
  'refused for a reason without a code': { reply: { status: 400, body: 'Bad Request' } },
  'asked for patience': { reply: fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED', undefined, patience) },
  'asked for patience as overloaded': { reply: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE', undefined, patience) },
  'wrong credentials': { reply: fcmError(401, 'UNAUTHENTICATED') },
  'cut before it was read': { cut: 'before' },
  'cut after it was read': { takes: true, cut: 'after' },
  'failed at the provider after it was read': { reply: fcmError(500, 'INTERNAL', 'INTERNAL'), takes: true },
};

export async function fcmUnderTest(): Promise<CarrierUnderTest & { fake: FakeFcm }> {
  const fake = await new FakeFcm().start();
  const kind = new FcmKind(new CarrierKinds());
  const values = { project_id: fake.projectId, service_account: fake.serviceAccount() };
  const open = (more: object = {}, baseUrl = fake.url) => kind.open({ ...values, ...more }, contextOf({ baseUrl }));
  const [carrier, wrongCredentials, nobodyThere] = await Promise.all([
    open(),
    open({ service_account: new FakeFcm().serviceAccount() }),
    open({}, NOBODY),
  ]);
  return {
    fake,
    carrier,
    text: { channel: 'push', to: 'token:dev1ce:APA91b-_x', subject: 'Your order' },
    prepare(ending) {
      if (ending === 'no connection') return { carrier: nobodyThere };
      if (ending === 'refused for the text') return { text: { text: 'ă'.repeat(2000) }, asks: 0 };
      if (!ENDS[ending]) return null;
      fake.next(ENDS[ending]);
      return {};
    },
    silence: () => fake.next({ silent: true }),
    ...countsOf(fake),
    elsewhere: { wrongCredentials, nobodyThere },
    callbacks: null,
    secrets: [fake.email, 'PRIVATE KEY', 'token-1', 'APA91'],
    stop: () => fake.stop(),
  };
}
