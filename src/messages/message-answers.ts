import { Type } from 'typebox';
import { IdOf, NullableTime, PageOf, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';
import { MESSAGE_STATUSES } from '../domain/message-status.js';
import { CHANNELS } from '../domain/channel.js';
import { OUTCOMES } from '../domain/delivery.js';

export const Status = Type.Enum([...MESSAGE_STATUSES], { $id: 'MessageStatus', examples: ['DELIVERED'] });
export const Encoding = Type.Enum(['GSM-7', 'UCS-2']);
export const PriorityName = Type.Enum(['HIGH', 'NORMAL', 'LOW'], { examples: ['NORMAL'] });
/** Messages by status; statuses of none are left out. */
export const StatusCounts = withExample(Type.Record(Type.String(), Type.Integer()), { PENDING: 1, DELIVERED: 41 });
export const Submitted = ExampleText('key_01jd2m0q8nfgt1vwzzk4x6s5ah', {
  description: 'The API key or the user; `system` for a text of the gateway.',
});
export const RouteName = ExampleText('agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah', {
  description: 'agent:<id>, group:<name> or carrier:<name>',
});

export const OutcomeName = Type.Enum([...OUTCOMES], { examples: ['undelivered'] });
const DeliveryOf = Type.Object(
  {
    outcome: OutcomeName,
    at: Time,
    code: Type.Optional(ExampleText('RESULT_ERROR_NO_SERVICE', { description: 'As the phone gives it.' })),
    reason: Type.Optional(ExampleText('There is no service.')),
  },
  {
    description:
      'What was told when the status could not follow any more: `undelivered` after SENT, or that a message that FAILED as ' +
      'UNCONFIRMED was `sent`, `undelivered` or `delivered`.',
  },
);

const WaitingFor = Type.Object(
  {
    until: Time,
    code: ExampleText('20429', { description: "A carrier's code, or the name of the rule that postponed it." }),
    reason: ExampleText('The carrier takes no more texts for now.'),
  },
  { description: 'Present while it is due and waits all the same.' },
);
const ByCarrier = Type.Object(
  {
    name: ExampleText('twilio'),
    account: ExampleText('AC0123456789abcdef0123456789abcdef'),
    ref: Type.Optional(ExampleText('SM0123456789abcdef0123456789abcdef', { description: "The carrier's id of it." })),
  },
  { description: 'The carrier that took it.' },
);
const Price = Type.Object(
  { amount: ExampleText('0.0079'), currency: ExampleText('USD') },
  { description: 'What the carrier says that it costs.' },
);

const fields = {
  message_id: IdOf('msg'),
  request_id: IdOf('req'),
  channel: Type.Optional(Type.Enum([...CHANNELS], { description: 'Absent: sms.' })),
  to: ExampleText('+84901234567'),
  subject: Type.Optional(
    withExample(Type.String({ description: 'Of an e-mail, or the title of a push.' }), 'Reminder'),
  ),
  text: ExampleText('Ma OTP 123456'),
  confidential: Type.Optional(
    Type.Literal(true, {
      description: 'The text has a code or a link for the recipient alone; it is shown to nobody.',
    }),
  ),
  text_blanked_at: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'When the text was taken away, as the tenant wished; it is empty then.',
    }),
  ),
  status: Status,
  last_error: withExample(
    Nullable(
      Type.String({
        description:
          'Why it FAILED or was CANCELED: an error of the phone, or a word of the gateway: EXPIRED (its time was over before it ' +
          'was sent), UNCONFIRMED (sending had begun and nobody told the end: it may have gone out), MAX_ATTEMPTS, ' +
          'OPTED_OUT (the recipient wants no more texts), DUPLICATE_RECENT, CANCELED_BY_CLIENT.',
      }),
    ),
    null,
  ),
  priority: PriorityName,
  schedule_at: NullableTime,
  expires_at: Time,
  segments: Type.Optional(Type.Integer({ description: 'Of an SMS, as `encoding` is.', examples: [1] })),
  encoding: Type.Optional(Encoding),
  agent_id: Nullable(IdOf('agt')),
  route: RouteName,
  sim_slot: withExample(Nullable(Type.Integer()), 0),
  attempts: Type.Integer({ description: 'How often it was leased.', examples: [1] }),
  created_at: Time,
  updated_at: Time,
  sent_at: Nullable(Time),
  delivered_at: Nullable(Time),
  failed_at: NullableTime,
  delivery: Type.Optional(DeliveryOf),
  waiting: Type.Optional(WaitingFor),
  recall_asked_at: Type.Optional(
    Type.String({
      format: 'date-time',
      description:
        'It was canceled while a phone had it: it is CANCELED once the phone has confirmed that it won’t send it.',
    }),
  ),
  carrier: Type.Optional(ByCarrier),
  price: Type.Optional(Price),
  from: Type.Optional(Type.String({ description: 'The number that it has to leave by.' })),
  client_reference: Nullable(ExampleText('order-1001')),
  template_id: Nullable(IdOf('tpl')),
  purpose: Type.Optional(
    Type.Enum(['proxy', 'notification'], { description: 'Part of a masked conversation, or of a notification.' }),
  ),
  ignores_opt_outs: Type.Optional(
    Type.Literal(true, {
      description: "The recipient's opt-out doesn't stop it: it confirms the opt-out, or its template is exempt.",
    }),
  ),
  resend_of: Type.Optional(Type.String({ description: 'The message that this one repeats.' })),
};

/** A message in a list. */
export const Message = Type.Object(fields, { $id: 'Message' });

export const StalledMessage = Type.Object(
  { ...fields, stalled: Type.Enum(['agent_offline', 'agent_unregistered', 'sending_unconfirmed']) },
  { $id: 'StalledMessage' },
);

const HistoryEntry = Type.Object(
  {
    at: Time,
    actor: ExampleText('agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah', {
      description: '`agent:`, `user:` or `client:` with an id, `carrier:` with a name, or `system`.',
    }),
    event: Type.Enum(
      ['accepted', 'leased', 'moved', 'noted', 'told', 'lease_ended', 'postponed', 'reassigned', 'recalled'],
      {
        examples: ['moved'],
      },
    ),
    from: Type.Optional(withExample(Type.Enum([...MESSAGE_STATUSES]), 'SENDING')),
    to: Type.Optional(withExample(Type.Enum([...MESSAGE_STATUSES]), 'SENT')),
    lease_id: Type.Optional(IdOf('lea')),
    lease_expires_at: Type.Optional(Time),
    until: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Postponed: it waits until then.',
        examples: ['2026-11-21T10:05:00.000Z'],
      }),
    ),
    sim_slot: Type.Optional(withExample(Nullable(Type.Integer()), 0)),
    outcome: Type.Optional(OutcomeName),
    reported_at: Type.Optional(Time),
    note: Type.Optional(Type.String()),
  },
  { $id: 'HistoryEntry' },
);
const Lease = Type.Object({
  lease_id: IdOf('lea'),
  holder: ExampleText('agt_01jd2m0q8nfgt1vwzzk4x6s5ah'),
  leased_at: Time,
  expires_at: Time,
  ended_at: Nullable(Time),
});

/** A message by itself. */
export const MessageInFull = Type.Object(
  { ...fields, lease: Nullable(Lease), history: Type.Array(HistoryEntry) },
  { $id: 'MessageInFull' },
);

/** A page of a search. */
export const FoundMessages = Type.Object({
  ...PageOf(Message).properties,
  total: Type.Optional(Type.Integer({ description: 'With `with_total=true`: how many there are.', examples: [1] })),
  total_is_more: Type.Optional(Type.Boolean({ description: 'There are more than were counted.', examples: [true] })),
});
