import { Type } from 'typebox';
import { ExampleText } from '../../common/http/answers.js';
import { Nullable, withExample } from '../../common/schema.js';
import { NOTIFY_PREFS } from './notifier-body.js';

const Phone = Type.Integer({ examples: [15105552054], description: 'Country code and number.' });

export const PreferenceAnswer = Type.Object(
  {
    username: ExampleText('user'),
    notify_pref: Type.Enum([...NOTIFY_PREFS]),
    email: ExampleText('guy@example.com', { description: 'Empty: none.' }),
    phone: withExample(Nullable(Type.Integer()), 15105552054),
  },
  { $id: 'NotifierPreference' },
);

/** What was asked for, with the address that it goes to. */
export const Notified = Type.Union([
  Type.Object(
    {
      title: Type.Optional(ExampleText('Subject text example')),
      text: ExampleText('Body text example'),
      sendtime: Type.Optional(ExampleText('2021-09-06T22:52:10Z', { description: 'UTC.' })),
      email: Type.Optional(ExampleText('guy@example.com')),
      phone: Type.Optional(Phone),
    },
    { additionalProperties: false },
  ),
  Type.Array(Type.String(), { description: 'Why nothing is sent: the preference is None.' }),
]);
