import { Type } from 'typebox';
import { ExampleText } from '../../common/http/answers.js';
import { Nullable, withExample } from '../../common/schema.js';

const Id = ExampleText('366910827c8e4a6593943a28e4931668');
const Number = ExampleText('12065550100');
const Time = ExampleText('2016-05-19 22:09:58', { description: 'UTC.' });
const Expiry = withExample(Nullable(Type.String()), '2016-05-19 22:19:58');

export const TnAdded = Type.Object({ message: ExampleText('Successfully added TN to pool'), value: Number });
export const TnRemoved = Type.Object({
  message: ExampleText('Successfully removed TN from pool'),
  value: Number,
  status: Type.Literal('succeeded'),
});
export const TnPool = Type.Object({
  virtual_tns: Type.Array(Type.Object({ value: Number, session_id: withExample(Nullable(Type.String()), null) })),
  pool_size: Type.Integer({ examples: [1] }),
  available: Type.Integer({ examples: [1] }),
  in_use: Type.Integer({ examples: [0] }),
});

export const SessionOpened = Type.Object({
  message: Type.Literal('Created new session'),
  status: Type.Literal('succeeded'),
  session_id: Id,
  expiry_date: Expiry,
  virtual_tn: Number,
  participant_a: ExampleText('12065550111'),
  participant_b: ExampleText('12065550112'),
});
export const SessionList = Type.Object({
  total_sessions: Type.Integer({ examples: [1] }),
  sessions: Type.Array(
    Type.Object({
      id: Id,
      date_created: Time,
      virtual_tn: Number,
      participant_a: ExampleText('12065550111'),
      participant_b: ExampleText('12065550112'),
      expiry_date: Expiry,
    }),
  ),
});
export const SessionEnded = Type.Object({
  message: Type.Literal('Successfully ended the session.'),
  status: Type.Literal('succeeded'),
  session_id: Id,
});
