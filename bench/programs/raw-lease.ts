import { encodeJson } from '../../src/database/embedded/document-json.js';
import { encodeScalar } from '../../src/database/embedded/engine/column-value.js';
import { openDatabase } from '../../src/database/embedded/engine/open-database.js';
import { answer } from './answer.js';

/** `node raw-lease.js <folder>`: ten messages of a queue leased by one SQL statement, in a folder that fill.js has filled. */
const database = openDatabase(process.argv[2]!);

const LEASE = `UPDATE docs_sms_messages SET
    doc = json_remove(json_set(doc, '$.status', 'ASSIGNED', '$.rev', 2, '$.attempts', 1, '$.lease', json(?1),
      '$.updated_at', json(?2), '$.due_at', json(?3), '$.holders', json(?4), '$.history', json(?5)), '$.ready'),
    c_status = 'ASSIGNED', c_ready = NULL, c_due_at = ?6
  WHERE rowid IN (SELECT rowid FROM docs_sms_messages WHERE c_queue = ?7 AND c_ready = x'0801'
    ORDER BY c_priority_weight, _id LIMIT 10)
  RETURNING doc`;

function lease(queue: string, holder: string): number {
  const at = new Date();
  const expires_at = new Date(at.getTime() + 86_400_000);
  const id = `lea_${at.getTime()}`;
  const entry = { at, actor: `agent:${holder}`, event: 'leased', from: 'PENDING', to: 'ASSIGNED', lease_id: id };
  return database.rows(LEASE, [
    encodeJson({ id, holder, at, expires_at, sim_slot: null }),
    encodeJson(at),
    encodeJson(expires_at),
    encodeJson([holder]),
    encodeJson([{ ...entry, lease_expires_at: expires_at }]),
    encodeScalar(expires_at),
    queue,
  ]).length;
}

answer({
  /** Runs this many rounds of one lease for each phone; the leases of a round share a commit. */
  lease: ({ queues, rounds }: { queues: { queue: string; holder: string }[]; rounds: number }) => {
    let leased = 0;
    for (let round = 0; round < rounds; round++) {
      database.exec('BEGIN IMMEDIATE');
      for (const { queue, holder } of queues) leased += lease(queue, holder);
      database.exec('COMMIT');
    }
    return leased;
  },
});
