import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';

export const PushToken = Type.Object(
  {
    token_id: IdOf('tok'),
    kind: Type.Enum(['token', 'fid'], { examples: ['token'] }),
    value: ExampleText('dQw4w9WgXcQ:APA91b'),
    person_id: withExample(Nullable(IdOf('per')), null),
    dead: withExample(
      Nullable(
        Type.Object(
          { code: ExampleText('UNREGISTERED'), at: Time },
          { description: 'Nothing is sent to it any more, for its provider does not know it.' },
        ),
      ),
      null,
    ),
    created_at: Time,
    seen_at: Time,
  },
  { $id: 'PushToken' },
);

export const TokenNotification = Type.Object({
  notification_id: IdOf('ntf'),
  message_id: IdOf('msg'),
  outcome: Nullable(
    Type.Enum(['waiting', 'sent', 'delivered', 'failed', 'canceled'], {
      description: 'Null: its message is gone.',
      examples: ['sent'],
    }),
  ),
  last_error: withExample(Nullable(Type.String()), null),
  created_at: Time,
});
