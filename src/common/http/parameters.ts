import { Body, Query, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiQuery } from '@nestjs/swagger';
import type { TSchema } from 'typebox';
import { bodyParser, queryParser, type Parse } from '../schema.js';

class SchemaPipe<S extends TSchema> implements PipeTransform {
  constructor(private readonly parse: Parse<S>) {}
  transform(value: unknown): unknown {
    return this.parse(value);
  }
}

/** The body, checked against the schema; the schema is also what the OpenAPI document shows. */
export function ValidBody(schema: TSchema): ParameterDecorator {
  const pipe = new SchemaPipe(bodyParser(schema));
  return (target, key, index) => {
    Body(pipe)(target, key, index);
    ApiBody({ schema: schema as never })(target, key!, descriptor(target, key!));
  };
}

/** The query string, checked and coerced; every property becomes a documented parameter. */
export function ValidQuery(
  schema: TSchema & { properties: Record<string, TSchema>; required?: string[] },
): ParameterDecorator {
  const pipe = new SchemaPipe(queryParser(schema));
  return (target, key, index) => {
    Query(pipe)(target, key, index);
    for (const [name, property] of Object.entries(schema.properties)) {
      ApiQuery({ name, required: schema.required?.includes(name) ?? false, schema: property as never })(
        target,
        key!,
        descriptor(target, key!),
      );
    }
  };
}

function descriptor(target: object, key: string | symbol): PropertyDescriptor {
  return Object.getOwnPropertyDescriptor(target, key)!;
}
