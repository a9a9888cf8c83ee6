import { Type } from 'typebox';
import { SCOPES } from '../auth/principal.js';
import { IdOf, NullableTime, Time, ExampleText } from '../common/http/answers.js';
import { withExample } from '../common/schema.js';

const fields = {
  id: IdOf('key'),
  client_name: ExampleText('SafeShop'),
  scopes: withExample(Type.Array(Type.Enum([...SCOPES])), ['sms:send', 'sms:read']),
  rate_limit_per_day: Type.Integer({ examples: [5000] }),
  is_active: Type.Boolean(),
  key_hint: ExampleText('cDeF', { description: 'The last characters of the key.' }),
  expires_at: NullableTime,
  created_at: Time,
  updated_at: Time,
};

export const ApiKey = Type.Object(fields, { $id: 'ApiKey' });
export const NewlyMadeApiKey = Type.Object(
  {
    ...fields,
    plain_key: ExampleText('tlk_Zk3w0tJH8yqS5m1hQpT7uVx2bNc4Ld6fGr9eYiOcDeF', { description: 'Shown only once.' }),
  },
  { $id: 'NewlyMadeApiKey' },
);
