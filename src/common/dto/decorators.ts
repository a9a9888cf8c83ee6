import { applyDecorators } from '@nestjs/common';
import { IsObject, ValidateBy, ValidateIf, ValidateNested, type ValidationOptions } from 'class-validator';
import type { JsonSchema } from './json-schema.js';

/** A class whose fields carry class-validator's decorators. */
export type DtoClass<T extends object = object> = new () => T;

const DESCRIPTION = Symbol('description');
const EXAMPLE = Symbol('example');
const UNKNOWN_FIELDS = Symbol('unknown fields');

/** What the OpenAPI document says of a field. */
export function Describe(text: string): PropertyDecorator {
  return Reflect.metadata(DESCRIPTION, text);
}
export function descriptionOf(dto: DtoClass, field: string): string | undefined {
  return Reflect.getMetadata(DESCRIPTION, dto.prototype, field) as string | undefined;
}

/** The example that the OpenAPI document shows; a class that extends another has none of its own accord. */
export function Example(value: object): ClassDecorator {
  return Reflect.metadata(EXAMPLE, value) as ClassDecorator;
}
export function exampleOf(dto: DtoClass): object | undefined {
  return Reflect.getOwnMetadata(EXAMPLE, dto) as object | undefined;
}

/** For what phones, providers and source systems send: they are older or newer than the gateway. Our own routes refuse unknown fields. */
export function IgnoresUnknownFields(): ClassDecorator {
  return Reflect.metadata(UNKNOWN_FIELDS, true) as ClassDecorator;
}
export function ignoresUnknownFields(dto: DtoClass): boolean {
  return Reflect.hasMetadata(UNKNOWN_FIELDS, dto);
}

export const isNotUndefined = (_dto: unknown, value: unknown): boolean => value !== undefined;
export const isNotNull = (_dto: unknown, value: unknown): boolean => value !== null;

/** The field may be absent, but not null; `IsOptional` admits both. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf(isNotUndefined);
}
/** The field may be null, but has to be there. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf(isNotNull);
}

/** A field that is itself a DTO; with `each`, beside `IsArray`, a list of them. */
export function IsDto(dto: DtoClass, { each = false } = {}): PropertyDecorator {
  // Alone, ValidateNested takes a list where it should have one, and a list in a list.
  return applyDecorators(IsObject({ each }), ValidateNested({ each, context: { dto } }));
}

/** The JSON schema of a rule of our own, where the rule keeps it. */
export class OwnPiece {
  constructor(readonly schema: JsonSchema) {}
}

/**
 * A decorator of our own that class-validator's can't be put together to: the same rule twice, as JSON schema, which checks, and as the
 * function that class-validator calls, which the oracle holds the schema against.
 */
export function Rule(
  name: string,
  schema: JsonSchema,
  validate: (value: unknown) => boolean,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy({ name, constraints: [new OwnPiece(schema)], validator: { validate } }, options);
}
