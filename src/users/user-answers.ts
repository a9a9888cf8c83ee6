import { Type } from 'typebox';
import { ROLES } from '../auth/principal.js';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';

const who = { id: IdOf('usr'), username: ExampleText('admin'), role: withExample(Type.Enum([...ROLES]), 'admin') };
const rest = {
  is_active: Type.Boolean(),
  email: Nullable(ExampleText('an@example.com')),
  phone: Nullable(ExampleText('+84901234567')),
  created_at: Time,
  updated_at: Time,
};
const tenant = ExampleText('default', { description: 'The slug of the tenant.' });

export const ShownUser = Type.Object({ ...who, ...rest }, { $id: 'User' });
const Own = Type.Object({ ...who, ...rest, tenant }, { $id: 'OwnUser' });
/** Of somebody whose token was signed elsewhere, no more is known than what it says. */
export const Me = Type.Union([
  Own,
  Type.Object({ id: Type.String(), username: Type.String(), role: who.role, tenant }, { $id: 'ForeignUser' }),
]);

const token = {
  access_token: ExampleText('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3IifQ.c2lnbmF0dXJl'),
  expires_in: Type.Integer({ description: 'Seconds.', examples: [14400] }),
  token_type: Type.Literal('Bearer'),
};
export const Token = Type.Object(token, { $id: 'Token' });
export const LoggedIn = Type.Object({ ...token, user: Own }, { $id: 'LoggedIn' });
