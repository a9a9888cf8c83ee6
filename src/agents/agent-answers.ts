import { Type } from 'typebox';
import { IdOf, NullableTime, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';
import { OUTCOMES } from '../domain/delivery.js';
import { WorkingHoursAnswer } from '../tenants/tenant-answers.js';
import { AGENT_APPS } from './agent.js';
import { Encoding, PriorityName, Status } from '../messages/message-answers.js';

const no = <S extends Parameters<typeof Nullable>[0]>(schema: S) => withExample(Nullable(schema), null);

const Sim = Type.Object({
  slot: Type.Integer({ examples: [0] }),
  number: Nullable(ExampleText('+84907654321')),
  carrier: Nullable(ExampleText('Viettel')),
  daily_cap: withExample(Nullable(Type.Integer({ description: 'Segments per day.' })), 500),
  hourly_cap: no(Type.Integer({ description: 'Segments within an hour.' })),
});
export const AGENT_FIELDS = {
  id: IdOf('agt'),
  agent_id: IdOf('agt'),
  device_id: ExampleText('agent-001'),
  app: no(
    Type.Enum([...AGENT_APPS], { description: 'The app whose protocol it speaks; null: the gateway’s own protocol.' }),
  ),
  label: Nullable(ExampleText('Android-01')),
  is_active: Type.Boolean(),
  status: ExampleText('online', {
    description: 'What it last said, `offline` when it was silent for too long, or `unregistered`.',
  }),
  online: Type.Boolean(),
  groups: Type.Array(ExampleText('shop')),
  sims: Type.Array(Sim),
  rate_limit_per_min: no(Type.Integer({ description: 'Segments. Null: the tenant’s setting.' })),
  daily_cap: no(Type.Integer({ description: 'Segments per day.' })),
  hourly_cap: no(Type.Integer({ description: 'Segments within an hour.' })),
  hours: no(WorkingHoursAnswer),
  battery_level: withExample(Nullable(Type.Number()), 80),
  signal: withExample(Nullable(Type.Number()), -71),
  app_version: Nullable(ExampleText('1.4.0')),
  last_seen_at: Nullable(Time),
  last_asked_at: NullableTime,
  unregister_reason: no(Type.String()),
  rotated_at: NullableTime,
  registered_from: Nullable(ExampleText('203.0.113.9', { description: 'The address that got its token.' })),
  created_at: Time,
  updated_at: Time,
};

export const Agent = Type.Object(AGENT_FIELDS, { $id: 'Agent' });
export const UnregisteredAgent = Type.Object({ status: Type.Literal('ok'), agent: Agent });
export const ReassignedMessages = Type.Object({
  status: Type.Literal('ok'),
  reassigned: Type.Integer({ examples: [12] }),
  still_leased: Type.Integer({ description: 'Left with the phone that holds them.', examples: [0] }),
  too_long: Type.Optional(
    Type.Integer({
      description: 'Left with the phone, because the other route takes shorter texts only.',
      examples: [0],
    }),
  ),
});
export const SecretOfRegistration = Type.Object({
  registration_secret: ExampleText('a-shared-secret'),
  configured: Type.Boolean(),
});

export const IssuedCode = Type.Object({
  agent_id: IdOf('agt'),
  rotation_code: ExampleText('K7QM-2XPF-90TD', { description: 'Told this once; good for one new token.' }),
  expires_at: Time,
});

const Ignored = Type.Optional(
  Type.Array(
    ExampleText('battery_level', {
      description: 'What was told and left out: a value that can’t be right, or a field that isn’t known.',
    }),
  ),
);
export const Registered = Type.Object({
  status: Type.Enum(['ok', 'rotated', 'exists']),
  agent_id: IdOf('agt'),
  agent_token: Type.Optional(
    ExampleText('tla_Zk3w0tJH8yqS5m1hQpT7uVx2bNc4Ld6fGr9eYiOaKjM', {
      description: 'Told this once; absent when the old one stays.',
    }),
  ),
  ignored: Ignored,
});
export const HeartbeatAnswer = Type.Object({
  status: Type.Literal('ok'),
  agent_id: IdOf('agt'),
  server_time: Time,
  lease_seconds: Type.Integer({ examples: [300] }),
  ignored: Ignored,
});

const Job = Type.Object(
  {
    message_id: IdOf('msg'),
    request_id: IdOf('req'),
    to: ExampleText('+84901234567'),
    text: ExampleText('Ma OTP 123456'),
    priority: PriorityName,
    schedule_at: NullableTime,
    sim_slot: withExample(Nullable(Type.Integer()), 0),
    segments: Type.Integer({ examples: [1] }),
    encoding: Encoding,
    attempts: Type.Integer({ examples: [1] }),
    lease_id: IdOf('lea'),
    lease_expires_at: Type.String({
      format: 'date-time',
      description: 'Later than this the phone must not begin to send it.',
      examples: ['2026-11-21T10:05:00.000Z'],
    }),
  },
  { $id: 'Job' },
);
export const JobBatch = Type.Object(
  {
    batch_id: IdOf('bat'),
    lease_seconds: Type.Integer({ examples: [300] }),
    rate_limit_per_min: Type.Integer({ examples: [10] }),
    messages: Type.Array(Job),
  },
  { $id: 'JobBatch' },
);
export const ReportResults = Type.Object(
  {
    updated: Type.Integer({ examples: [1] }),
    results: Type.Array(
      Type.Object({
        message_id: Nullable(ExampleText('msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000')),
        result: Type.Enum(['updated', 'unchanged', 'conflict', 'unknown', 'invalid']),
        status: Nullable(Status),
        reason: Type.Optional(
          ExampleText('status: must be one of SENDING, SENT, DELIVERED, FAILED', {
            description: 'Of an invalid entry: what is wrong with it. It would be invalid again.',
          }),
        ),
        ignored: Type.Optional(
          Type.Array(ExampleText('reported_at'), {
            description: 'Fields of the entry whose values can’t be right; the rest of it was taken.',
          }),
        ),
        allowed: Type.Optional(Type.Array(Status, { description: 'On a conflict: what could be reported.' })),
        recorded: Type.Optional(
          Type.Enum([...OUTCOMES], {
            description:
              'The status could not follow: SENT or DELIVERED after the message had FAILED as UNCONFIRMED, or FAILED after SENT. ' +
              'This is what `delivery` of the message says now.',
          }),
        ),
      }),
    ),
  },
  { $id: 'ReportResults' },
);
