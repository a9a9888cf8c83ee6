import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { SOURCES } from './opt-out.js';

export const OptOut = Type.Object(
  {
    number: ExampleText('+84901234567'),
    sender: withExample(Nullable(Type.String({ description: 'Null: every text of the tenant.' })), null),
    source: Type.Enum([...SOURCES], {
      description:
        'keyword: a word in a received text; carrier: a carrier told it; admin: a call of POST /opt-outs; person: the person has ' +
        'unsubscribed from everything, or from texts.',
      examples: ['keyword'],
    }),
    reason: withExample(Nullable(Type.String()), null),
    word: Nullable(ExampleText('stop')),
    carrier: withExample(Nullable(ExampleText('twilio')), null),
    code: withExample(Nullable(ExampleText('21610', { description: "The carrier's." })), null),
    inbound_id: Nullable(IdOf('inb')),
    created_at: Time,
  },
  { $id: 'OptOut' },
);
export const RemovedOptOuts = Type.Object({
  removed: Type.Integer({ description: 'How many there were.', examples: [1] }),
});
export const ImportedOptOuts = Type.Object({
  added: Type.Integer({ examples: [1998] }),
  known: Type.Integer({ description: 'Lines whose opt-out was there already.', examples: [2] }),
});
