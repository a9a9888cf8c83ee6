import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../../../common/http/answers.js';
import { Nullable } from '../../../common/schema.js';
import { STATES } from './message-state.js';

const StateName = Type.Enum([...STATES], { examples: ['Pending'] });

export const MessageStateAnswer = Type.Object({
  id: ExampleText('req_01jd2m0q8nfgt1vwzzk4x6s5ah', { description: 'The caller’s own, or the request’s.' }),
  deviceId: ExampleText('agt_01jd2m0q8nfgt1vwzzk4x6s5ah', { description: 'Empty while no phone has it.' }),
  state: StateName,
  isHashed: Type.Literal(false),
  isEncrypted: Type.Literal(false),
  recipients: Type.Array(
    Type.Object({
      phoneNumber: ExampleText('+84901234567'),
      state: StateName,
      error: Nullable(ExampleText('RESULT_ERROR_NO_SERVICE')),
    }),
  ),
  states: Type.Record(Type.String(), Time, { description: 'When the first of them came into each state.' }),
});
export const DevicesAnswer = Type.Array(
  Type.Object({
    id: IdOf('agt'),
    name: ExampleText('samsung/a54x'),
    createdAt: Time,
    updatedAt: Time,
    lastSeen: Time,
  }),
);
export const HealthAnswer = Type.Object({
  status: Type.Literal('pass'),
  version: ExampleText('0.1.0'),
  releaseId: Type.Integer({ examples: [1] }),
  checks: Type.Object({}),
});
export const NoItems = Type.Array(Type.Object({}), { maxItems: 0, examples: [[]] });
export const NoSettings = Type.Object({});
