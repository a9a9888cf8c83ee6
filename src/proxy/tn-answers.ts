import { Type } from 'typebox';
import { ExampleText, IdOf, PageOf, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { TN_CHANNELS } from './tn.js';

const fields = {
  number: ExampleText('+84907654321'),
  agent_id: Nullable(IdOf('agt')),
  sim_slot: withExample(Nullable(Type.Integer()), 0),
  carrier: withExample(Nullable(Type.String()), null),
  channels: Type.Array(Type.Enum([...TN_CHANNELS]), { examples: [['sms']] }),
  mode: Type.Enum(['shared', 'exclusive'], { examples: ['shared'] }),
  created_at: Time,
};

/** A number as it was added. */
export const TnAnswer = Type.Object(fields, { $id: 'Tn' });
export const TnList = PageOf(
  Type.Object(
    { ...fields, sessions: Type.Integer({ description: 'Open sessions that use it.', examples: [2] }) },
    { $id: 'TnInUse' },
  ),
);
