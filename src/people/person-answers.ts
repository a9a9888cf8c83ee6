import { Type } from 'typebox';
import { ExampleText, IdOf, NullableTime, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { PREFERENCES, WAYS } from '../domain/preference.js';
import type { PersonDoc } from './person.js';

const WayName = Type.Enum([...WAYS], { examples: ['sms'] });

export const Person = Type.Object(
  {
    id: IdOf('per'),
    user_id: withExample(Nullable(Type.String({ description: 'The account.' })), null),
    name: Nullable(ExampleText('Nguyễn Văn An')),
    email: Nullable(ExampleText('an@example.com')),
    email_confirmed_at: NullableTime,
    email_dead: withExample(
      Nullable(
        Type.Object(
          { code: ExampleText('550'), at: Time },
          { description: 'A provider has said that nobody is at this address any more; nothing is sent to it.' },
        ),
      ),
      null,
    ),
    phone: Nullable(ExampleText('+84901234567')),
    phone_confirmed_at: NullableTime,
    language: Nullable(ExampleText('vi')),
    time_zone: Nullable(ExampleText('Asia/Ho_Chi_Minh')),
    preference: Type.Enum([...PREFERENCES], { examples: ['sms'] }),
    quiet_hours: Nullable(Type.Object({ from: ExampleText('22:00'), to: ExampleText('07:00') })),
    stopped: withExample(
      Type.Array(WayName, {
        description: 'The ways that have ended, by the person or because the number has opted out.',
      }),
      [],
    ),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Person' },
);

/** `stopped` is shown as it is in the document: see `Stops.of`. */
export function showPerson(person: PersonDoc) {
  const { _id, tenant_id: _tenant, rev: _rev, user_id, email_confirmed_at, email_dead, phone_confirmed_at } = person;
  const { name, email, phone, language, time_zone, preference, quiet_hours, stopped, created_at, updated_at } = person;
  return {
    id: _id,
    user_id: user_id ?? null,
    name,
    email,
    email_confirmed_at: email_confirmed_at ?? null,
    email_dead: email_dead ?? null,
    phone,
    phone_confirmed_at: phone_confirmed_at ?? null,
    language,
    time_zone,
    preference,
    quiet_hours,
    stopped,
    created_at,
    updated_at,
  };
}
