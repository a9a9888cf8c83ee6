import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { Type, type TSchema } from 'typebox';
import { idPattern, type IdPrefix } from '../ids.js';
import { withExample, Nullable } from '../schema.js';

/** The key under which `@Answers` stores its options for the code that builds the document, which removes it. */
export const X_ANSWER = 'x-answer';

export interface AnswerOfRoute {
  schema: TSchema;
  /** Default: `application/json`. */
  type?: string;
  /** Another status with the same answer. */
  also?: number;
  /** Descriptions of the answer's headers, by name. */
  headers?: Readonly<Record<string, TSchema>>;
}

/**
 * A route's answer on success. Every route has one (a test checks this). The example in the document is made from the schema's own
 * `examples`, and the tests compare every answer with the schema. A schema with an `$id` becomes a named schema of the document.
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

/** Ids of messages are longer than others: the id of the request and the message's position in it. */
export function IdOf(prefix: IdPrefix) {
  const pattern = prefix === 'msg' ? '^msg_[0-9a-z]{30,40}$' : idPattern(prefix);
  return Type.String({ pattern, examples: [`${prefix}_01jd2m0q8nfgt1vwzzk4x6s5ah${prefix === 'msg' ? '0000' : ''}`] });
}
/** Text with an example. */
export function ExampleText(example: string, options: { description?: string } = {}) {
  return Type.String({ ...options, examples: [example] });
}
