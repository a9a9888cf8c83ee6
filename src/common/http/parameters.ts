import { Body, Param, Query, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiParam, ApiQuery } from '@nestjs/swagger';
import type { DtoClass } from '../dto/decorators.js';
import { isDto, schemaOf } from '../dto/schema-of.js';
import type { JsonSchema } from '../dto/json-schema.js';
import { ApiError } from '../errors.js';
import { bodyParser, queryParser, type Parse } from '../schema.js';
import { toldReader, unknownFields } from './told.js';

class DtoPipe implements PipeTransform {
  constructor(private readonly parse: Parse<unknown>) {}
  transform(value: unknown): unknown {
    return this.parse(value);
  }
}

/** For a surface that has its own words for the mistakes in a body. */
type Refusal = (mistakes: ApiError, body: unknown) => ApiError;

/** The body, checked by the parameter's DTO class; the OpenAPI document shows the same class. */
export function ValidBody(refusal?: Refusal): ParameterDecorator {
  return bodyOf('ValidBody', true, refusal);
}

/** The same for an optional body: a missing body counts as an empty object. */
export function OptionalBody(refusal?: Refusal): ParameterDecorator {
  return bodyOf('OptionalBody', false, refusal);
}

function bodyOf(name: string, required: boolean, refusal?: Refusal): ParameterDecorator {
  return (target, key, index) => {
    const schema = schemaAt(name, target, key!, index);
    const parse = worded(bodyParser(schema), refusal);
    Body(new DtoPipe(required ? parse : (value) => parse(value ?? {})))(target, key, index);
    ApiBody({ schema: schema as never, required })(target, key!, descriptor(target, key!));
  };
}

function worded(parse: Parse<unknown>, refusal?: Refusal): Parse<unknown> {
  if (!refusal) return parse;
  return (value) => {
    try {
      return parse(value);
    } catch (error) {
      throw error instanceof ApiError ? refusal(error, value) : error;
    }
  };
}

/**
 * A body that is a list; its items are documented and not checked: for callers of whom one bad item must not keep the others from being
 * read.
 */
export function ListBody({ atMost, item }: { atMost: number; item: JsonSchema }): ParameterDecorator {
  const schema: JsonSchema = { type: 'array', maxItems: atMost, items: item };
  const parse = bodyParser({ type: 'array', maxItems: atMost });
  return (target, key, index) => {
    Body(new DtoPipe(parse))(target, key!, index);
    ApiBody({ schema: schema as never, required: true })(target, key!, descriptor(target, key!));
  };
}

/** What a phone tells, as far as it can be right, as `Told`: the values that can't are left out, and the answer names them. */
export function ToldBody<T extends object>(dto: DtoClass<T>, needs: readonly (keyof T & string)[]): ParameterDecorator {
  const read = toldReader(dto, needs);
  return (target, key, index) => {
    const pipe = new DtoPipe((value) => {
      const { told, ignored } = read(value);
      return { told, ignored: [...ignored, ...unknownFields(dto, told)] };
    });
    Body(pipe)(target, key!, index);
    ApiBody({ schema: schemaOf(dto) as never, required: true })(target, key!, descriptor(target, key!));
  };
}

/** A body of a phone with a list, `messages`, whose entries the handler reads one by one. */
export function EntriesBody(dto: DtoClass): ParameterDecorator {
  const schema = schemaOf(dto);
  const { items: _read, ...messages } = schema.properties!['messages']!;
  const parse = bodyParser({ ...schema, properties: { ...schema.properties, messages } });
  return (target, key, index) => {
    Body(new DtoPipe(parse))(target, key!, index);
    ApiBody({ schema: schema as never, required: true })(target, key!, descriptor(target, key!));
  };
}

/** The query string, checked and coerced; every field of the DTO class becomes a documented parameter. */
export function ValidQuery(): ParameterDecorator {
  return (target, key, index) => {
    const schema = schemaAt('ValidQuery', target, key!, index);
    Query(new DtoPipe(queryParser(schema)))(target, key, index);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const query = ApiQuery({ name, required: schema.required?.includes(name) ?? false, schema: property as never });
      query(target, key!, descriptor(target, key!));
    }
  };
}

/** The parts of the path. */
export function ValidParams(): ParameterDecorator {
  return (target, key, index) => {
    const schema = schemaAt('ValidParams', target, key!, index);
    Param(new DtoPipe(queryParser(schema)))(target, key, index);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      ApiParam({ name, schema: property as never })(target, key!, descriptor(target, key!));
    }
  };
}

/** The schema of the class that the compiler recorded as the parameter's type. */
function schemaAt(decorator: string, target: object, key: string | symbol, index: number): JsonSchema {
  const types = (Reflect.getMetadata('design:paramtypes', target, key) ?? []) as unknown[];
  const type = types[index];
  if (isDto(type)) return schemaOf(type);
  throw new Error(
    `${target.constructor.name}.${String(key)}: the parameter of @${decorator}() has to have a DTO class as its type, ` +
      `one whose fields have class-validator's decorators, and not ${(type as { name?: string })?.name ?? 'nothing'}. ` +
      'A class that is imported by `import type` is gone when this runs: import it without `type`.',
  );
}

function descriptor(target: object, key: string | symbol): PropertyDescriptor {
  return Object.getOwnPropertyDescriptor(target, key)!;
}
