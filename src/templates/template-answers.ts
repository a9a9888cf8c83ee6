import { Type } from 'typebox';
import { IdOf, Time, ExampleText } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import { TEXT_ENCODINGS } from '../domain/gsm7.js';

export const Template = Type.Object(
  {
    id: IdOf('tpl'),
    name: ExampleText('otp'),
    content: ExampleText('Ma OTP {CODE}'),
    title: Type.Optional(ExampleText('Xin chào')),
    translations: Type.Optional(
      withExample(
        Type.Record(Type.String(), Type.Object({ content: Type.String(), title: Type.Optional(Type.String()) }), {
          description: 'By language; /requests send the content alone.',
        }),
        { en: { content: 'Your code: {CODE}' } },
      ),
    ),
    variables: Type.Array(ExampleText('CODE'), { description: 'Of the content, the title and every translation.' }),
    is_approved: Type.Boolean(),
    approved_at: Nullable(Time),
    approved_by: Nullable(ExampleText('usr_01jd2m0q8nfgt1vwzzk4x6s5ah')),
    version: Type.Integer({ description: 'Increases with every change of the content.', examples: [1] }),
    created_by: ExampleText('usr_01jd2m0q8nfgt1vwzzk4x6s5ah'),
    created_at: Time,
    updated_at: Time,
    encoding: Type.Enum([...TEXT_ENCODINGS]),
    ignores_opt_outs: Type.Boolean({ description: 'Its messages also go to those who have opted out.' }),
  },
  { $id: 'Template' },
);
const Rendered = {
  text: ExampleText('Ma OTP 123456'),
  length: Type.Integer({ description: 'Characters.', examples: [13] }),
  encoding: Type.Enum(['GSM-7', 'UCS-2']),
  segments: Type.Integer({ examples: [1] }),
};
/** The text with the template's encoding, then with each of the two encodings. */
export const RenderedTemplate = Type.Object({ ...Rendered, auto: Type.Object(Rendered), gsm7: Type.Object(Rendered) });
