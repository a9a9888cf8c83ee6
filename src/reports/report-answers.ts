import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';

const Count = (description: string, example: number) => Type.Integer({ description, examples: [example] });
const only = (group: string) => ({ description: `With group_by=${group}.` });

export const SummaryRow = Type.Object(
  {
    date: Type.Optional(
      ExampleText('2026-11-21', { description: 'Present with group_by=day and group_by=hour (then with the time).' }),
    ),
    agent_id: Type.Optional(Type.Union([IdOf('agt'), Type.Null()], only('agent'))),
    client_id: Type.Optional(Type.String({ ...only('client'), examples: ['key_01jd2m0q8nfgt1vwzzk4x6s5ah'] })),
    template_id: Type.Optional(Type.Union([IdOf('tpl'), Type.Null()], only('template'))),
    route: Type.Optional(Type.String({ ...only('route'), examples: ['group:day'] })),
    carrier: Type.Optional(Type.Union([ExampleText('twilio'), Type.Null()], only('carrier'))),
    total: Count('Everything that was accepted: sent + failed + canceled + pending.', 42),
    sent: Count('Reached the network: SENT or DELIVERED.', 40),
    delivered: Count('Messages of `sent` that are DELIVERED.', 37),
    failed: Count('FAILED, including expired messages.', 1),
    pending: Count('PENDING, ASSIGNED or SENDING.', 1),
    canceled: Count('CANCELED, including duplicates.', 0),
    undelivered: Count('Messages of `sent` that could not be delivered.', 0),
    confirmed_late: Count(
      'Messages that FAILED as UNCONFIRMED and were later reported to have reached the network.',
      0,
    ),
    segments: Count('Segments of all messages.', 50),
    segments_sent: Count('Segments of messages that reached the network, including those reported late.', 48),
    cost: Type.Optional(
      Type.Number({ description: 'Cost of the sent segments, for routes that have a price.', examples: [12000] }),
    ),
    currency: Type.Optional(ExampleText('VND')),
  },
  { $id: 'SummaryRow' },
);

/** Headers that say whether a summary is complete. */
export const COUNTED = {
  'X-Report-Complete': Type.Enum(['true', 'false'], {
    description: 'false: some messages are not counted yet, because many arrived at once. Ask again in half a minute.',
    examples: ['true'],
  }),
  'X-Counted-Until': Type.String({
    format: 'date-time',
    description: 'The counts of messages accepted before this time are up to date.',
    examples: ['2026-11-21T10:00:00.000Z'],
  }),
};

export const KeyUsage = Type.Object(
  {
    client_id: IdOf('key'),
    client_name: ExampleText('SafeShop'),
    day: ExampleText('2026-11-21', { description: 'In UTC.' }),
    used: Count('Messages of the day.', 42),
    limit: Count('Messages a day.', 20_000),
    remaining: Count('How many messages of the limit are left.', 19_958),
    resets_at: Time,
  },
  { $id: 'KeyUsage' },
);
