import { Type } from 'typebox';
import { Time, ExampleText } from '../common/http/answers.js';
import { PARKED_KINDS } from './parked-row.js';

export const ParkedRow = Type.Object(
  {
    id: ExampleText('req_01jd2m0q8nfgt1vwzzk4x6s5ah', { description: 'Of the message, the request or the import.' }),
    kind: Type.Enum([...PARKED_KINDS], { examples: ['request'] }),
    tenant: ExampleText('default', { description: 'The slug, as X-Tenant takes it.' }),
    since: Time,
    reason: ExampleText('it was committed without its variable CODE', {
      description: 'What its worker stumbled over.',
    }),
  },
  { $id: 'ParkedRow' },
);
