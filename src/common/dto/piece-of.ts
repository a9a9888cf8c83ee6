import { ValidationTypes, type getMetadataStorage } from 'class-validator';
import { OwnPiece, type DtoClass } from './decorators.js';
import { DECORATORS } from './decorator-table.js';
import type { JsonSchema } from './json-schema.js';

/** The metadata that class-validator stores for a decorator. */
export type RuleMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** The JSON schema of one decorator. @throws Error for an unknown decorator */
export function pieceOf(rule: RuleMetadata, schemaOf: (dto: DtoClass) => JsonSchema): JsonSchema {
  if (rule.groups?.length || rule.validateIf) throw new Error(`groups and validateIf (${rule.name}) are not supported`);
  if (rule.type === ValidationTypes.NESTED_VALIDATION) {
    const { dto } = (rule.context ?? {}) as { dto?: DtoClass };
    if (!dto) throw new Error('ValidateNested does not name the class; use IsDto');
    return schemaOf(dto);
  }
  const [first] = (rule.constraints ?? []) as unknown[];
  if (first instanceof OwnPiece) return withMessage(first.schema, rule.message);
  const piece = Object.hasOwn(DECORATORS, rule.name ?? '') ? DECORATORS[rule.name!] : undefined;
  if (!piece) throw new Error(`the decorator ${rule.name ?? rule.type} is unknown; add it to decorator-table.ts`);
  return withMessage(piece(...((rule.constraints ?? []) as never[])), rule.message);
}

/** The decorator's own message. A pattern is hard to read for people, so the OpenAPI document also shows its message, as the title. */
function withMessage(piece: JsonSchema, message: RuleMetadata['message']): JsonSchema {
  if (message === undefined) return piece;
  if (typeof message !== 'string') throw new Error('a message must be a string');
  if (piece.pattern !== undefined) return { ...piece, title: message };
  const keywords = Object.keys(piece).filter((keyword) => keyword !== 'type');
  const told = keywords.length > 0 ? keywords : ['type'];
  return { ...piece, 'x-messages': Object.fromEntries(told.map((keyword) => [keyword, message])) };
}
