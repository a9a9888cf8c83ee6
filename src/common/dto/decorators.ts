import { applyDecorators } from '@nestjs/common';
import { IsObject, ValidateBy, ValidateIf, ValidateNested, type ValidationOptions } from 'class-validator';
import type { JsonSchema } from './json-schema.js';

/** A class whose fields carry class-validator's decorators. */
export type DtoClass<T extends object = object> = new () => T;

const DESCRIPTION = Symbol('description');
const EXAMPLE = Symbol('example');
const UNKNOWN_FIELDS = Symbol('unknown fields');

/** The description of a field in the OpenAPI document. */
export function Describe(text: string): PropertyDecorator {
  return Reflect.metadata(DESCRIPTION, text);
}
export function descriptionOf(dto: DtoClass, field: string): string | undefined {
  return Reflect.getMetadata(DESCRIPTION, dto.prototype, field) as string | undefined;
}

/** The example that the OpenAPI document shows; a class doesn't inherit it. */
export function Example(value: object): ClassDecorator {
  return Reflect.metadata(EXAMPLE, value) as ClassDecorator;
}
export function exampleOf(dto: DtoClass): object | undefined {
  return Reflect.getOwnMetadata(EXAMPLE, dto) as object | undefined;
}

/** For bodies from phones, providers and source systems, which may be older or newer than the gateway. Other routes refuse unknown fields. */
export function IgnoresUnknownFields(): ClassDecorator {
  return Reflect.metadata(UNKNOWN_FIELDS, true) as ClassDecorator;
}
export function ignoresUnknownFields(dto: DtoClass): boolean {
  return Reflect.hasMetadata(UNKNOWN_FIELDS, dto);
}

export const isNotUndefined = (_dto: unknown, value: unknown): boolean => value !== undefined;
export const isNotNull = (_dto: unknown, value: unknown): boolean => value !== null;

/** The field may be absent, but not null; `IsOptional` allows both. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf(isNotUndefined);
}
/** The field may be null, but must be present. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf(isNotNull);
}

/** A field that is itself a DTO; with `each`, beside `IsArray`, a list of them. */
export function IsDto(dto: DtoClass, { each = false } = {}): PropertyDecorator {
  // ValidateNested alone accepts a list instead of an object, and a list inside a list.
  return applyDecorators(IsObject({ each }), ValidateNested({ each, context: { dto } }));
}

/** The JSON schema of a rule of our own, where the rule keeps it. */
export class OwnPiece {
  constructor(readonly schema: JsonSchema) {}
}

/**
 * Our own decorator, for rules that class-validator's decorators can't express. It has the rule twice: as the JSON schema that checks, and
 * as a function for class-validator, with which the oracle compares the schema.
 */
export function Rule(
  name: string,
  schema: JsonSchema,
  validate: (value: unknown) => boolean,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy({ name, constraints: [new OwnPiece(schema)], validator: { validate } }, options);
}
