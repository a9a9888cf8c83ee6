import type { Bindable } from '../../src/database/embedded/engine/column-value.js';
import { openDatabase } from '../../src/database/embedded/engine/open-database.js';
import { answer } from './answer.js';

/** `node raw-export.js <folder>`: reads a tenant's messages by keyset pages, parses and joins them; no quotes, no stream, no HTTP. */
const PAGE = 500;
const database = openDatabase(process.argv[2]!);
const SELECT = 'SELECT _id, doc FROM docs_sms_messages WHERE c_tenant_id = ? AND _id > ? ORDER BY _id LIMIT ?';

function cell(value: unknown): unknown {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? new Date((value as { $date: number }).$date).toISOString() : value;
}

answer({
  /** Returns how many messages it wrote (and discarded). */
  export: ({ tenant, fields }: { tenant: string; fields: string[] }) => {
    let rows = 0;
    let bytes = 0;
    for (let last: Bindable = ''; ;) {
      const page = database.rows(SELECT, [tenant, last, PAGE]);
      const lines = page.map(([, json]) => {
        const doc = JSON.parse(json as string) as Record<string, unknown>;
        return fields.map((field) => cell(doc[field])).join(',');
      });
      bytes += Buffer.from(lines.join('\r\n')).length;
      rows += page.length;
      if (page.length < PAGE) return bytes > 0 ? rows : 0;
      last = page.at(-1)![0]!;
    }
  },
});
