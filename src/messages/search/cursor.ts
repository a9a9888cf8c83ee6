import { invalidField } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import type { Plan, Position } from './plan.js';

/** A message's id and, if the list is in the order of phone numbers, its number. */
const CURSOR = /^([a-z]{3}_[0-9a-z]{26,40})(?: (\+?\d{4,20}\+?))?$/;

export function writeCursor({ id, value }: Position): string {
  return Buffer.from(value === undefined ? id : `${id} ${value}`).toString('base64url');
}

/** @throws ApiError 400 for a value that is not the `next` of a page of this search. */
export function readCursor({ cursor }: Page, plan: Plan): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, id, value] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (!id || (plan.ranged !== undefined) !== (value !== undefined) || !inRange(plan, value))
    throw invalidField('cursor', 'is not the `next` value of a page of this search');
  return { id, value };
}

function inRange({ ranged }: Plan, value: string | undefined): boolean {
  return !ranged || (value! >= ranged.from && value! < ranged.before);
}
