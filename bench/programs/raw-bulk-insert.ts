import { openEmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { encodeJson } from '../../src/database/embedded/document-json.js';
import { Catalog } from '../../src/database/embedded/engine/catalog.js';
import { columnValue } from '../../src/database/embedded/engine/column.js';
import type { Bindable } from '../../src/database/embedded/engine/column-value.js';
import { openDatabase } from '../../src/database/embedded/engine/open-database.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { fingerprint } from '../../src/domain/fingerprint.js';
import { messageDocuments, newRequest, textOf } from '../filling.js';
import { answer } from './answer.js';

/** `node raw-bulk-insert.js <folder>`: inserts only the rows of an acceptance, into the same tables with the same indexes. */
const ROWS_A_COMMIT = 1000;
const dir = process.argv[2]!;
const store = await openEmbeddedStore({ dir });
await store.applyIndexes(COLLECTIONS);
const request = newRequest(
  {
    tenant: 'ten_bench',
    clientId: 'key_bench',
    templateId: 'tpl_bench',
    messages: 0,
    dueInDays: 0,
    fingerprints: true,
  },
  'agt_01jd0000000000000000000000',
  5000,
);
const documents = await messageDocuments(store, request);
await store.close();

const database = openDatabase(dir);
const catalog = new Catalog(database);
const messages = catalog.table('sms_messages');
const fingerprints = catalog.table('fingerprints');
let batch = 0;

/** New ids, sorted by time like the gateway's. */
function prepared(): { sql: string; row: Bindable[] }[] {
  const prefix = (++batch).toString().padStart(8, '0');
  return documents.flatMap((document, i) => {
    const message = { ...document, _id: `msg_${prefix}${document._id.slice(12)}` };
    const hash = fingerprint(message.to, textOf(request, i) + prefix);
    const mark = {
      _id: `${message.tenant_id}:${hash}`,
      tenant_id: message.tenant_id,
      request_id: message.request_id,
      message_id: message._id,
      at: message.created_at,
      expires_at: message.expires_at,
    };
    return [
      { sql: messages.insertSql, row: rowOf(messages, message) },
      { sql: fingerprints.insertSql, row: rowOf(fingerprints, mark) },
    ];
  });
}

function rowOf(table: typeof messages, document: { _id: string }): Bindable[] {
  return [document._id, encodeJson(document), ...table.columns.map((column) => columnValue(column, document))];
}

let ready: ReturnType<typeof prepared> = [];

answer({
  prepare: (requests: number) => {
    ready = Array.from({ length: requests }, prepared).flat();
  },
  /** Returns how many messages it wrote. */
  insert: () => {
    for (let start = 0; start < ready.length; start += 2 * ROWS_A_COMMIT) {
      database.exec('BEGIN IMMEDIATE');
      for (const { sql, row } of ready.slice(start, start + 2 * ROWS_A_COMMIT)) database.run(sql, row);
      database.exec('COMMIT');
    }
    return ready.length / 2;
  },
});
