import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { CHANNELS } from '../domain/channel.js';
import { withExample, Nullable } from '../common/schema.js';

export const InboundMessage = Type.Object(
  {
    id: IdOf('inb'),
    agent_id: Nullable(IdOf('agt')),
    carrier: withExample(Nullable(Type.String({ description: 'The carrier that received it; null: a phone.' })), null),
    channel: Type.Enum([...CHANNELS], { examples: ['sms'] }),
    from: ExampleText('+84901234567'),
    to: Nullable(ExampleText('+84907654321')),
    text: ExampleText('Cam on'),
    text_blanked_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the text was removed; the text is then empty.' }),
    ),
    media: Type.Optional(
      Type.Integer({ description: 'How many pictures and other files came with it; none is kept.' }),
    ),
    keyword: Type.Optional(
      Type.Enum(['stop', 'start', 'help'], {
        description: 'The carrier took it for this word, and may have answered it.',
      }),
    ),
    sim_slot: withExample(Nullable(Type.Integer()), 0),
    external_id: Nullable(ExampleText('4711')),
    received_at: Time,
    created_at: Time,
  },
  { $id: 'InboundMessage' },
);
export const StoredTexts = Type.Object({
  stored: Type.Integer({ examples: [1] }),
  duplicates: Type.Integer({ examples: [0] }),
  results: Type.Array(
    Type.Object({
      result: Type.Enum(['stored', 'duplicate', 'invalid']),
      id: Type.Optional(IdOf('inb')),
      reason: Type.Optional(
        Type.String({
          description: 'Of an invalid entry: what is wrong with it. It would be invalid again.',
        }),
      ),
      ignored: Type.Optional(
        Type.Array(Type.String(), {
          description: 'Fields whose values can’t be right. A text whose time can’t be read counts as received now.',
        }),
      ),
    }),
  ),
});
