import { Type } from 'typebox';
import { Like, Nullable, Strict } from '../common/schema.js';
import { MESSAGE_STATUSES } from '../domain/message-status.js';

const maybe = <S extends Parameters<typeof Nullable>[0]>(schema: S) => Type.Optional(Nullable(schema));
const Word = Type.String({ maxLength: 200 });

/** No phone has more; slots are counted from 0. */
export const MOST_SIMS = 16;
export const SimSlot = Type.Integer({ minimum: 0, maximum: MOST_SIMS - 1 });
const Sims = Type.Array(Strict({ slot: SimSlot, number: maybe(Word), carrier: maybe(Word) }, 'ignore'), {
  maxItems: MOST_SIMS,
});

export const Register = Like(
  Strict(
    {
      device_id: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', title: 'must not be blank' }),
      label: maybe(Word),
      registration_secret: maybe(Word),
      tenant: maybe(Type.String({ maxLength: 63 })),
      rotate_token: maybe(Type.Union([Type.Boolean(), Type.Integer(), Type.String({ maxLength: 10 })])),
      sims: maybe(Sims),
      app_version: maybe(Word),
    },
    'ignore',
  ),
  {
    device_id: 'agent-001',
    label: 'Android-01',
    registration_secret: 'a-shared-secret',
    sims: [{ slot: 0, carrier: 'Viettel' }],
  },
);

export const Heartbeat = Like(
  Strict(
    {
      status: Type.String({
        default: 'online',
        pattern: '^[a-z_]{1,30}$',
        title: 'must be a word such as online or offline',
      }),
      battery_level: maybe(Type.Number({ minimum: 0, maximum: 100 })),
      signal: maybe(Type.Number({ minimum: -200, maximum: 200 })),
      app_version: maybe(Word),
      sims: maybe(Sims),
    },
    'ignore',
  ),
  { status: 'online', battery_level: 80, signal: -71, app_version: '1.4.0' },
);

export const JobsQuery = Strict(
  {
    limit: Type.Integer({ default: 50, minimum: 1, maximum: 200, description: 'Most jobs in one answer.' }),
    wait: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 30,
      description: 'Seconds to wait for a job when there is none.',
    }),
  },
  'ignore',
);

export const Report = Like(
  Strict(
    {
      messages: Type.Array(
        Strict(
          {
            message_id: Type.String({ minLength: 1, maxLength: 100 }),
            status: Type.Enum([...MESSAGE_STATUSES]),
            error: maybe(
              Strict(
                {
                  code: maybe(Type.Union([Type.String({ maxLength: 500 }), Type.Number()])),
                  message: maybe(Type.String({ maxLength: 2000 })),
                },
                'ignore',
              ),
            ),
            reported_at: maybe(Type.String({ maxLength: 40 })),
            lease_id: maybe(Type.String({ maxLength: 100 })),
          },
          'ignore',
        ),
        { maxItems: 1000 },
      ),
    },
    'ignore',
  ),
  {
    messages: [
      { message_id: 'msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000', status: 'SENT', reported_at: '2026-11-21T10:00:00Z' },
    ],
  },
);
