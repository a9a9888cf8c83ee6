import { Type } from 'typebox';
import { ExampleText, Time } from '../../common/http/answers.js';
import { Nullable, withExample } from '../../common/schema.js';

const Sid = ExampleText('CH019b2f0c5a7c4c1f9e0d8b7a6f5e4d3c');
const ParticipantSid = ExampleText('par_01jd2m0q8nfgt1vwzzk4x6s5ah');
const Name = withExample(Nullable(Type.String()), null);
const Attributes = ExampleText('{}');
const State = Type.Enum(['active', 'inactive', 'closed']);
const Timers = withExample(Type.Object({ date_inactive: Type.Optional(Time), date_closed: Type.Optional(Time) }), {});
const Binding = Type.Object({
  type: Type.Enum(['sms', 'whatsapp']),
  address: ExampleText('+12065550111'),
  proxy_address: ExampleText('+12065550100', { description: 'The number of the pool that this person sees.' }),
});
const NoIdentity = Type.Null({ examples: [null] });

export const ConversationSession = Type.Object(
  {
    sid: Sid,
    conversationSid: Sid,
    state: State,
    friendlyName: Name,
    uniqueName: Name,
    attributes: Attributes,
    timers: Timers,
    dateCreated: Time,
    startsAt: Type.Optional(Time),
    endsAt: Type.Optional(Time),
    participants: Type.Array(
      Type.Object({
        sid: ParticipantSid,
        identity: NoIdentity,
        messagingBinding: Binding,
        messaging_binding: Binding,
      }),
    ),
  },
  { $id: 'ConversationSession' },
);

export const ParticipantSession = Type.Object(
  {
    participantSid: ParticipantSid,
    participantIdentity: NoIdentity,
    participantMessagingBinding: Binding,
    conversationSid: Sid,
    conversationState: State,
    conversationFriendlyName: Name,
    conversationUniqueName: Name,
    conversationAttributes: Attributes,
    conversationTimers: Timers,
    conversationDateCreated: Time,
  },
  { $id: 'ParticipantSession' },
);

export const ConversationMessage = Type.Object({
  sid: ExampleText('inb_01jd2m0q8nfgt1vwzzk4x6s5ah'),
  index: Type.Integer({ examples: [0] }),
  participantSid: ParticipantSid,
  author: ExampleText('+12065550111'),
  body: ExampleText('Hello'),
  dateCreated: Time,
});
