import { invalidField } from './errors.js';

/** The fields of `PageQuery`. */
export interface Page {
  limit: number;
  skip: number;
  cursor?: string | undefined;
}
export interface List<T> {
  items: T[];
  /** Items on this page. */
  count: number;
  /** Present when there may be more items. */
  next?: string;
}

/** Cursors are opaque to callers; they contain the last id of the previous page. */
export function cursorId(page: Page): string | undefined {
  if (page.cursor === undefined) return undefined;
  const id = Buffer.from(page.cursor, 'base64url').toString('utf8');
  if (!/^[a-z]{3}_[0-9a-z]{26,40}$/.test(id)) throw invalidField('cursor', 'is not the `next` value of a page');
  return id;
}

/** The cursor of the page after this id. */
export function cursorAt(id: string): string {
  return Buffer.from(id).toString('base64url');
}

export function listOf<T extends { _id: string }, V>(rows: readonly T[], page: Page, show: (row: T) => V): List<V> {
  const last = rows.at(-1);
  const more = last && rows.length === page.limit;
  return {
    items: rows.map(show),
    count: rows.length,
    ...(more ? { next: cursorAt(last._id) } : {}),
  };
}
