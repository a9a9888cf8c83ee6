import { Type } from 'typebox';
import { ExampleText, Time } from '../../common/http/answers.js';
import { Nullable, withExample } from '../../common/schema.js';
import { PREFERENCES } from '../../domain/preference.js';

const name = ExampleText('news');
const title = Nullable(ExampleText('Tin tức'));
const preference = withExample(
  Nullable(Type.Enum([...PREFERENCES], { description: 'Null: as the person prefers everywhere.' })),
  null,
);

export const Topic = Type.Object({ name, title, created_at: Time }, { $id: 'Topic' });
export const Subscriber = Type.Object(
  { id: ExampleText('per_01jd2m0q8nfgt1vwzzk4x6s5ah'), preference, created_at: Time },
  { $id: 'Subscriber' },
);
export const MyTopic = Type.Object({ name, title, preference, created_at: Time }, { $id: 'MyTopic' });
export const Subscribed = Type.Object({
  added: Type.Integer({ examples: [3] }),
  known: Type.Integer({ description: 'Those that were subscribers already.', examples: [0] }),
});
