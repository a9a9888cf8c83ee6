import { DuplicateKeyError } from '../../query.js';

/** SQLite says `UNIQUE constraint failed: docs_users.c_tenant_id, docs_users.c_email`; a list's table has a dot in its name. */
export function duplicateKeyError(collection: string, error: unknown): DuplicateKeyError | undefined {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== 'SQLITE_CONSTRAINT_UNIQUE' && code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') return undefined;
  const columns = (message ?? '').replace(/^.*?failed: /, '').split(', ');
  return new DuplicateKeyError(collection, columns.map(pathOf).join(','));
}

function pathOf(column: string): string {
  return column
    .slice(column.lastIndexOf('.') + 1)
    .replace(/^c_/, '')
    .replaceAll('__', '.');
}
