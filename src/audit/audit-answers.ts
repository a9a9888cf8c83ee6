import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { withExample } from '../common/schema.js';

export const AuditLog = Type.Object(
  {
    id: IdOf('aud'),
    actor_type: Type.Enum(['USER', 'API_KEY', 'AGENT', 'SYSTEM']),
    actor_id: ExampleText('usr_01jd2m0q8nfgt1vwzzk4x6s5ah'),
    action: ExampleText('APPROVE_TEMPLATE'),
    data: withExample(Type.Record(Type.String(), Type.Unknown()), {
      template_id: 'tpl_01jd2m0q8nfgt1vwzzk4x6s5ah',
      version: 1,
    }),
    created_at: Time,
  },
  { $id: 'AuditLog' },
);
