import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../../common/http/answers.js';
import { Nullable } from '../../common/schema.js';

/** Somebody in a call, by the number of the pool that they see; their own isn't in it. */
const Side = Type.Object({ participantSid: IdOf('par'), proxyAddress: ExampleText('+12065550100') });

export const SessionCall = Type.Object(
  {
    sid: IdOf('cal'),
    callSid: ExampleText('CA019b2f0c5a7c4c1f9e0d8b7a6f5e4d3c', { description: 'The provider’s id of it.' }),
    caller: Side,
    callees: Type.Array(Side),
    dateCreated: Time,
    dateEnded: Nullable(Time),
    duration: Nullable(Type.Integer({ description: 'Seconds, as the provider says.', examples: [74] })),
  },
  { $id: 'SessionCall' },
);
