import { Type } from 'typebox';
import { IdOf, Time } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';
import { CHANNELS } from '../domain/channel.js';
import { RouteName, StatusCounts, Submitted } from '../messages/message-answers.js';

const accepted = {
  request_id: IdOf('req'),
  agent_id: Nullable(IdOf('agt')),
  route: RouteName,
  channel: Type.Optional(Type.Enum([...CHANNELS], { description: 'Absent: sms.', examples: ['whatsapp'] })),
  phones_online: Type.Optional(
    Type.Integer({
      description: 'Phones of the route that were online when it was accepted; absent for carriers.',
      examples: [1],
    }),
  ),
  template_id: Nullable(IdOf('tpl')),
  total_created: Type.Integer({ description: 'Messages that will be sent.', examples: [42] }),
  total_skipped: Type.Integer({ description: 'Duplicates, stored as CANCELED.', examples: [0] }),
  total_opted_out: Type.Integer({
    description: 'To recipients who want no more texts, stored as FAILED with OPTED_OUT.',
    examples: [0],
  }),
  total_segments: Type.Integer({ examples: [42] }),
  expires_at: Time,
  created_at: Time,
  warnings: Type.Optional(
    Type.Array(
      Type.Object({
        field: Type.String({ examples: ['messages.0.schedule_at'] }),
        message: Type.String({ examples: ['is more than a day ago, so it is due at once'] }),
      }),
      { description: 'What was accepted, but may not be meant; the first twenty.' },
    ),
  ),
  resend_of: Type.Optional(Type.String({ description: 'The message that this request sends again.' })),
};
const shown = {
  ...accepted,
  client_id: Submitted,
  metadata: withExample(Nullable(Type.Record(Type.String(), Type.Unknown())), { campaign: 'spring' }),
};

export const AcceptedRequest = Type.Object(accepted, { $id: 'AcceptedRequest' });
export const Request = Type.Object(shown, { $id: 'Request' });
export const RequestInFull = Type.Object({ ...shown, status_counts: StatusCounts }, { $id: 'RequestInFull' });
export const CanceledRequest = Type.Object({
  request_id: IdOf('req'),
  canceled: Type.Integer({ description: 'Messages that this call canceled.', examples: [40] }),
  status_counts: withExample(Type.Record(Type.String(), Type.Integer()), { CANCELED: 40, SENT: 2 }),
});
