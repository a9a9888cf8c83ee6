import { getMetadataStorage, IS_OPTIONAL, ValidationTypes } from 'class-validator';
import {
  descriptionOf,
  exampleOf,
  ignoresUnknownFields,
  isNotNull,
  isNotUndefined,
  type DtoClass,
} from './decorators.js';
import { both, hasDefaults, type JsonSchema } from './json-schema.js';
import { pieceOf, type RuleMetadata } from './piece-of.js';

const known = new Map<DtoClass, JsonSchema>();

/** Every class that was made a schema. */
export function knownDtos(): DtoClass[] {
  return [...known.keys()];
}

export function isDto(type: unknown): type is DtoClass {
  return typeof type === 'function' && rulesOf(type as DtoClass).length > 0;
}

/**
 * The JSON schema of a class's decorators, with the schemas of nested classes; returns the same object each time.
 * @throws Error that names class, field and decorator: for a decorator without a line in the table, or for rules that no value can match.
 */
export function schemaOf(dto: DtoClass): JsonSchema {
  const schema = known.get(dto) ?? makeSchema(dto);
  known.set(dto, schema);
  return schema;
}

function makeSchema(dto: DtoClass): JsonSchema {
  const rules = new Map<string, RuleMetadata[]>();
  for (const rule of rulesOf(dto)) rules.set(rule.propertyName, [...(rules.get(rule.propertyName) ?? []), rule]);
  const fresh = new dto() as Record<string, unknown>;
  for (const name of Object.keys(fresh)) {
    if (!rules.has(name)) throw new Error(`${dto.name}.${name} has no decorator that says what it may be.`);
  }
  const fields = [...rules].map(([name, its]) => [name, fieldOf(dto, name, its, fresh[name])] as const);
  const required = fields.filter(([name]) => fresh[name] === undefined && !mayBe(undefined, rules.get(name)!));
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(required.length > 0 ? { required: required.map(([name]) => name) } : {}),
    ...(ignoresUnknownFields(dto) ? {} : { additionalProperties: false }),
    ...(exampleOf(dto) ? { examples: [exampleOf(dto)] } : {}),
  };
}

function fieldOf(dto: DtoClass, name: string, rules: readonly RuleMetadata[], byDefault: unknown): JsonSchema {
  const description = descriptionOf(dto, name);
  try {
    const schema = valueOf(rules);
    return {
      ...(mayBe(null, rules) ? orNull(schema) : schema),
      ...(byDefault === undefined ? {} : { default: byDefault }),
      ...(description === undefined ? {} : { description }),
    };
  } catch (error) {
    throw new Error(`${dto.name}.${name}: ${(error as Error).message}.`, { cause: error });
  }
}

function valueOf(rules: readonly RuleMetadata[]): JsonSchema {
  const pieces = rules.filter((rule) => !isCondition(rule)).map((rule) => [rule, pieceOf(rule, schemaOf)] as const);
  const own = pieces.filter(([rule]) => !rule.each).reduce((sum, [, piece]) => both(sum, piece), {} as JsonSchema);
  const each = pieces.filter(([rule]) => rule.each).map(([, piece]) => piece);
  if (own.type === undefined && !own.enum && !own.anyOf)
    throw new Error('its decorators name no type; add IsString, IsArray or another');
  if (each.length === 0) return own;
  if (own.type !== 'array') throw new Error('`each` needs a list: add IsArray');
  const items = each.reduce(both);
  if (own.uniqueItems && items.type === 'object') throw new Error('ArrayUnique does not compare objects');
  return { ...own, items };
}

/** A separate branch for null, so that a mistake in the value is reported as it is without null. */
function orNull(schema: JsonSchema): JsonSchema {
  if (hasDefaults(schema)) throw new Error('defaults inside a nullable object are not filled in');
  return { anyOf: [schema, { type: 'null' }] };
}

function mayBe(nothing: null | undefined, rules: readonly RuleMetadata[]): boolean {
  const lets = nothing === null ? isNotNull : isNotUndefined;
  return rules.some((rule) => isCondition(rule) && (rule.name === IS_OPTIONAL || rule.constraints[0] === lets));
}

function isCondition({ type, name, constraints }: RuleMetadata): boolean {
  if (type !== ValidationTypes.CONDITIONAL_VALIDATION) return false;
  if (name === IS_OPTIONAL || [isNotNull, isNotUndefined].includes(constraints[0])) return true;
  throw new Error('ValidateIf is not supported; use IsOptional, MayBeAbsent or MayBeNull');
}

/** The decorators of the class and, first, those that it inherits. */
function rulesOf(dto: DtoClass): RuleMetadata[] {
  const depth = (type: unknown): number => (typeof type === 'function' ? 1 + depth(Object.getPrototypeOf(type)) : 0);
  return getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .toSorted((one, other) => depth(one.target) - depth(other.target));
}
