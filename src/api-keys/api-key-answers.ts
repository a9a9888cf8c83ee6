import { Type } from 'typebox';
import { SCOPES } from '../auth/principal.js';
import { IdOf, NoTime, Time, Words } from '../common/http/answers.js';
import { Like } from '../common/schema.js';

const fields = {
  id: IdOf('key'),
  client_name: Words('SafeShop'),
  scopes: Like(Type.Array(Type.Enum([...SCOPES])), ['sms:send', 'sms:read']),
  rate_limit_per_day: Type.Integer({ examples: [5000] }),
  is_active: Type.Boolean(),
  key_hint: Words('cDeF', { description: 'The last characters of the key.' }),
  expires_at: NoTime,
  created_at: Time,
  updated_at: Time,
};

export const ApiKey = Type.Object(fields, { $id: 'ApiKey' });
export const NewlyMadeApiKey = Type.Object(
  {
    ...fields,
    plain_key: Words('tlk_Zk3w0tJH8yqS5m1hQpT7uVx2bNc4Ld6fGr9eYiOcDeF', { description: 'Told this once.' }),
  },
  { $id: 'NewlyMadeApiKey' },
);
