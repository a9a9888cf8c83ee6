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
  return bodyOf(schema, bodyParser(schema), true);
}

/** The same for a body that may be left out: no body is an empty one. */
export function OptionalBody(schema: TSchema): ParameterDecorator {
  const parse = bodyParser(schema);
  return bodyOf(schema, (value) => parse(value ?? {}), false);
}

function bodyOf<S extends TSchema>(schema: S, parse: Parse<S>, required: boolean): ParameterDecorator {
  const pipe = new SchemaPipe(parse);
  return (target, key, index) => {
    Body(pipe)(target, key, index);
    ApiBody({ schema: asSent(schema) as never, required })(target, key!, descriptor(target, key!));
  };
}

/** The query string, checked and coerced; every property becomes a documented parameter. */
export function ValidQuery(schema: TSchema & { properties: Record<string, TSchema> }): ParameterDecorator {
  const pipe = new SchemaPipe(queryParser(schema));
  const { properties, required } = asSent(schema) as { properties: Record<string, TSchema>; required?: string[] };
  return (target, key, index) => {
    Query(pipe)(target, key, index);
    for (const [name, property] of Object.entries(properties)) {
      ApiQuery({ name, required: required?.includes(name) ?? false, schema: property as never })(
        target,
        key!,
        descriptor(target, key!),
      );
    }
  };
}

/** A schema as callers have to meet it: what has a default may be left out. */
function asSent(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asSent);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required, ...rest } = schema as { required?: string[]; properties?: Record<string, { default?: unknown }> };
  const needed = required?.filter((name) => rest.properties?.[name]?.default === undefined) ?? [];
  const inner = Object.entries(rest).map(([name, value]) => [name, asSent(value)]);
  return { ...Object.fromEntries(inner), ...(needed.length > 0 ? { required: needed } : {}) };
}

function descriptor(target: object, key: string | symbol): PropertyDescriptor {
  return Object.getOwnPropertyDescriptor(target, key)!;
}
