import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';

export const InboundMessage = Type.Object(
  {
    id: IdOf('inb'),
    agent_id: IdOf('agt'),
    from: ExampleText('+84901234567'),
    to: Nullable(ExampleText('+84907654321')),
    text: ExampleText('Cam on'),
    text_blanked_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the text was removed; the text is then empty.' }),
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
  results: Type.Array(Type.Object({ result: Type.Enum(['stored', 'duplicate']), id: Type.Optional(IdOf('inb')) })),
});
