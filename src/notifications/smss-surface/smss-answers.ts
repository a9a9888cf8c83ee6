import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../../common/http/answers.js';

const Number = Type.Integer({ minimum: 1, examples: [1], description: 'Counted in the tenant.' });

export const SmsSent = Type.Object({ success: Type.Literal(true), message_id: Number });
export const TokensNotified = Type.Object({ success: Type.Literal(true), notification_id: Number });
export const TopicNotified = Type.Object({ success: Type.Literal(true) });

export const ClientAnswer = Type.Object(
  {
    id: IdOf('cli'),
    contact: ExampleText('+201009129288'),
    messages: Type.Integer({ examples: [1], description: 'How many were sent to it.' }),
    last_message_id: IdOf('msg'),
    last_message_at: Time,
    created_at: Time,
  },
  { $id: 'Client' },
);
