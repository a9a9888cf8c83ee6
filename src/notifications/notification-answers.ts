import { Type } from 'typebox';
import { ExampleText, IdOf, NullableTime, PageOf, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { PREFERENCES, WAYS } from '../domain/preference.js';
import { Status, Submitted } from '../messages/message-answers.js';
import { OUTCOMES } from './notification.js';

const Channel = Type.Enum([...WAYS], { examples: ['push'] });
export const PreferenceName = Type.Enum([...PREFERENCES], { examples: ['push'] });
const Outcome = Type.Enum([...OUTCOMES], { examples: ['sent'] });

const fields = {
  notification_id: IdOf('ntf'),
  client_id: Submitted,
  title: Nullable(ExampleText('Lịch hẹn')),
  text: ExampleText('Mai lúc 9 giờ', { description: 'Empty once the tenant’s days for texts are over.' }),
  template_id: withExample(Nullable(Type.String()), null),
  topic: Nullable(ExampleText('news')),
  channels: Nullable(Type.Array(Channel)),
  escalate_after_seconds: withExample(Nullable(Type.Integer()), 600),
  confirm: Type.Boolean(),
  critical: Type.Boolean(),
  send_at: NullableTime,
  client_reference: Nullable(ExampleText('order-1001')),
  state: Type.Enum(['spreading', 'spread', 'canceled'], {
    description: 'spreading: not everybody has their messages yet. What became of them, the recipients say.',
    examples: ['spread'],
  }),
  canceled_at: NullableTime,
  created_at: Time,
};

const Attempt = Type.Object({
  channel: Channel,
  to: ExampleText('+84901234567'),
  token_id: Type.Optional(IdOf('tok')),
  message_id: IdOf('msg'),
  status: Nullable(Status),
  last_error: withExample(Nullable(Type.String()), null),
  schedule_at: NullableTime,
  sent_at: Nullable(Time),
  delivered_at: NullableTime,
  failed_at: NullableTime,
});

export const Recipient = Type.Object(
  {
    recipient_id: IdOf('rcp'),
    person_id: Nullable(IdOf('per')),
    channels: Type.Array(Channel, { description: 'By which ways, one after the other.' }),
    channel: Nullable(Channel),
    outcome: Outcome,
    reason: withExample(Nullable(Type.String({ description: 'Why it was skipped, failed or canceled.' })), null),
    confirmed_at: NullableTime,
    attempts: Type.Array(Attempt),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'NotificationRecipient' },
);

export const Notification = Type.Object(fields, { $id: 'Notification' });
export const NotificationInFull = Type.Object(
  {
    ...fields,
    outcomes: withExample(Type.Record(Type.String(), Type.Integer()), { sent: 41, failed: 1 }),
    recipients: PageOf(Recipient),
  },
  { $id: 'NotificationInFull' },
);
export const CanceledNotification = Type.Object({
  notification_id: IdOf('ntf'),
  outcomes: withExample(Type.Record(Type.String(), Type.Integer()), { canceled: 40, sent: 2 }),
});
export const ToldToMe = Type.Object({
  notification_id: IdOf('ntf'),
  title: Nullable(ExampleText('Lịch hẹn')),
  text: ExampleText('Mai lúc 9 giờ'),
  topic: withExample(Nullable(Type.String()), null),
  outcome: Outcome,
  reason: withExample(Nullable(Type.String()), null),
  confirmed_at: NullableTime,
  created_at: Time,
});
