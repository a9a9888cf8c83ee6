import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { Type, type TSchema } from 'typebox';
import { idPattern, type IdPrefix } from '../ids.js';
import { withExample, Nullable } from '../schema.js';

/** Where the document's maker finds what `@Answers` says; it is gone from the document itself. */
export const X_ANSWER = 'x-answer';

export interface AnswerOfRoute {
  schema: TSchema;
  /** `application/json` unless said otherwise. */
  type?: string;
  /** Another status that carries the same answer. */
  also?: number;
  /** What the answer's headers tell, by their names. */
  headers?: Readonly<Record<string, TSchema>>;
}

/**
 * What a route answers when all went well. Every route has one (a test asks), the example in the document is made from the schema's own
 * `examples`, and the tests hold every answer that they get against it. A schema with an `$id` becomes a named one of the document.
 */
export function Answers(schema: TSchema, options: Omit<AnswerOfRoute, 'schema'> = {}): MethodDecorator {
  return applyDecorators(ApiExtension(X_ANSWER, { schema, ...options }));
}

/** A page of a list. */
export function PageOf(item: TSchema) {
  return Type.Object({
    items: Type.Array(item),
    count: Type.Integer({ description: 'Items on this page.', examples: [1] }),
    next: Type.Optional(
      Type.String({
        description: 'The `cursor` of the next page; missing on the last page.',
        examples: ['bXNnXzAxamQybTBxOG5mZ3Qxdnd6emsz'],
      }),
    ),
  });
}

export const Time = Type.String({ format: 'date-time', examples: ['2026-11-21T10:00:00.000Z'] });
export const NullableTime = withExample(Nullable(Time), null);
export const Done = Type.Object({ status: Type.Literal('ok') }, { $id: 'Done' });

/** Messages' ids are longer than the others: their request's and the place in it. */
export function IdOf(prefix: IdPrefix) {
  const pattern = prefix === 'msg' ? '^msg_[0-9a-z]{30,40}$' : idPattern(prefix);
  return Type.String({ pattern, examples: [`${prefix}_01jd2m0q8nfgt1vwzzk4x6s5ah${prefix === 'msg' ? '0000' : ''}`] });
}
/** Text with an example. */
export function ExampleText(example: string, options: { description?: string } = {}) {
  return Type.String({ ...options, examples: [example] });
}
