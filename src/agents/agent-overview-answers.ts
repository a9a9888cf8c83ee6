import { Type } from 'typebox';
import { ExampleText, IdOf, NullableTime, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { WorkingHoursAnswer } from '../tenants/tenant-answers.js';
import { AGENT_FIELDS } from './agent-answers.js';

const used = {
  cap: Type.Integer({ examples: [200] }),
  used: Type.Integer({ examples: [12] }),
  left: Type.Integer({ description: 'For what isn’t HIGH.', examples: [148] }),
  left_for_high: Type.Integer({ examples: [188] }),
};
const Used = Type.Object(used);
const UsedOrNone = Nullable(Used);

const Pace = Type.Object(
  {
    rate_limit_per_min: Type.Integer({ examples: [10] }),
    lease: Type.Object(
      { seconds: Type.Integer({ examples: [300] }), ...used },
      { description: 'What the phone may be given within one lease’s time: what it can send in it.' },
    ),
    hour: UsedOrNone,
    day: UsedOrNone,
    sims: Type.Array(Type.Object({ slot: Type.Integer({ examples: [0] }), hour: UsedOrNone, day: UsedOrNone })),
    hours: withExample(Nullable(WorkingHoursAnswer), null),
    zone: Type.String({ examples: ['Asia/Ho_Chi_Minh'] }),
    opens_at: NullableTime,
    next_at: Nullable(Time),
  },
  {
    description:
      'In segments; null: no cap. `hours` are the working hours in force, `zone` is theirs, else the tenant’s, and `opens_at` is when they begin again while it is outside of them. A text that isn’t HIGH can leave at `next_at`; null: never, a cap is 0.',
  },
);

const Held = Type.Object({
  count: Type.Integer({ description: 'Counted to 100 leased and 100 begun.', examples: [1] }),
  messages: Type.Array(
    Type.Object({
      message_id: IdOf('msg'),
      status: Type.Enum(['ASSIGNED', 'SENDING']),
      segments: Type.Integer({ examples: [1] }),
      lease_expires_at: NullableTime,
    }),
    { description: 'The newest 20.' },
  ),
});

const Failure = Type.Object({
  message_id: IdOf('msg'),
  code: ExampleText('NO_SERVICE'),
  reason: Nullable(ExampleText('The phone has no network.')),
  failed_at: Time,
});

export const AgentInFull = Type.Object(
  {
    ...AGENT_FIELDS,
    summary: Type.Array(ExampleText('No report for 12 minutes; 3 texts are waiting for it.'), {
      description: 'How it is, in words.',
    }),
    advice: Type.Array(ExampleText('Check that the phone is on, has a network, and that its app runs.'), {
      description: 'What to do.',
    }),
    open_messages: Type.Record(Type.String(), Type.Integer(), {
      description: 'Messages that are not through; each status is counted to 100,000.',
      examples: [{ PENDING: 12, ASSIGNED: 1 }],
    }),
    waiting: Type.Object({
      own: Type.Integer({ description: 'What only it can send, and now.', examples: [12] }),
      groups: Type.Integer({ description: 'What any phone of its groups can send.', examples: [0] }),
    }),
    held: Held,
    failures: Type.Array(Failure, { description: 'What failed of it, the last accepted first, 10 at most.' }),
    pace: Pace,
  },
  { $id: 'AgentInFull' },
);
