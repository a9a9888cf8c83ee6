import { Type } from 'typebox';
import { ExampleText, NullableTime, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { CHANNELS } from '../domain/channel.js';

const none = <S extends Parameters<typeof Nullable>[0]>(schema: S) => withExample(Nullable(schema), null);

const fields = {
  name: ExampleText('twilio'),
  title: ExampleText('Twilio'),
  route: ExampleText('carrier:twilio', { description: 'The route of messages that leave by it.' }),
  configured: Nullable(
    Type.Enum(['store', 'environment', 'built_in'], {
      description: 'Where the account comes from; null: it is not set up.',
      examples: ['store'],
    }),
  ),
  enabled: Type.Boolean({ examples: [true] }),
  account_id: Nullable(ExampleText('AC00000000000000000000000000000000')),
  account: withExample(
    Nullable(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        description: 'Its fields, but for the secret ones.',
      }),
    ),
    { account_sid: 'AC00000000000000000000000000000000', from: '+15005550006' },
  ),
  per_second: Nullable(Type.Number({ description: 'Texts a second.', examples: [10] })),
  concurrency: Nullable(Type.Integer({ description: 'Calls at the same time.', examples: [4] })),
  verified_at: Nullable(
    Type.String({
      format: 'date-time',
      description: 'When the provider confirmed the stored credentials.',
      examples: ['2026-11-21T10:00:00.000Z'],
    }),
  ),
  capabilities: Nullable(
    Type.Object({
      channels: Type.Array(Type.Enum([...CHANNELS])),
      characters: Type.Integer({ description: 'Most characters of one text.', examples: [1600] }),
      per_second: Type.Number({ examples: [10] }),
      concurrency: Type.Integer({ examples: [4] }),
      receipts: Type.Boolean({ description: 'Whether receipts can arrive.' }),
    }),
  ),
  callback_urls: withExample(
    Nullable(
      Type.Record(Type.String(), Type.String(), {
        description:
          'What to enter at the provider. The secret in such a URL is shown only in the answer of the PUT that set it. Null: PUBLIC_URL is not set.',
      }),
    ),
    { inbound: 'https://sms.example.com/carriers/twilio/inbound' },
  ),
  problem: none(Type.String({ description: 'Why the account can not be used.' })),
  hold: none(
    Type.Object(
      {
        until: Time,
        code: ExampleText('63038'),
        reason: ExampleText('The account has used up its messages of the day.'),
      },
      { description: 'Nothing goes out before then.' },
    ),
  ),
  health: Type.Object({
    state: Type.Enum(['ok', 'parked', 'held']),
    since: NullableTime,
    until: NullableTime,
    reason: none(Type.String()),
  }),
  today: Type.Object(
    {
      accepted: Type.Integer({ examples: [120] }),
      refused: Type.Integer({ examples: [1] }),
      later: Type.Integer({ examples: [3] }),
      unknown: Type.Integer({ examples: [0] }),
    },
    { description: 'What became of the calls of this UTC day.' },
  ),
  created_at: NullableTime,
  updated_at: NullableTime,
};

export const CarrierAnswer = Type.Object(fields, { $id: 'Carrier' });

const test = {
  ok: Type.Boolean({ examples: [true] }),
  field: none(Type.String({ description: 'The field to look at.' })),
  code: none(Type.String({ description: 'The provider’s own code.' })),
  reason: none(Type.String()),
  name: Nullable(ExampleText('SafeShop', { description: 'What the provider calls the account.' })),
};
export const CarrierTest = Type.Object({ ...test, verified_at: NullableTime }, { $id: 'CarrierTest' });
export const CarrierSet = Type.Object(
  {
    ...fields,
    test: Nullable(Type.Object(test, { description: 'Null: an account that is switched off is not tried.' })),
  },
  { $id: 'CarrierSet' },
);
export const CarrierList = Type.Object(
  {
    items: Type.Array(CarrierAnswer),
    count: Type.Integer({ examples: [1] }),
    alarms: withExample(
      Type.Array(Type.Object({ code: Type.String(), message: Type.String(), since: Time }), {
        description: 'What an administrator should look at.',
      }),
      [],
    ),
  },
  { $id: 'CarrierList' },
);
