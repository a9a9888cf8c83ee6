import { join } from 'node:path';
import { JournalFile } from './journal-file.js';
import type { Job, ReportError, ReportStatus } from './protocol-types.js';

/** ASKED: SENDING was reported; HANDED: the radio has the text, or is about to get it. */
export type JournalState = 'ASKED' | 'HANDED' | 'SENT' | 'FAILED' | 'DELIVERED';

export interface JournalEntry {
  message_id: string;
  state: JournalState;
  at: string;
  lease_id?: string;
  /** Kept only while the text may still have to be given to the radio. */
  job?: Job;
  error?: ReportError;
  /** The last status that the server has confirmed. */
  told?: ReportStatus;
}

type Line = JournalEntry | { message_id: string; state: 'DROPPED' };

/**
 * The state of the messages that this phone has started; the app's only data that survives a crash. A message that is
 * HANDED or later in it is never given to the radio again.
 */
export class Journal {
  readonly #entries = new Map<string, JournalEntry>();
  #file: JournalFile | undefined;

  /** With a folder: one file per phone, read at the start. Without: in memory, until the process ends. */
  static async open(device: string, folder?: string): Promise<Journal> {
    const journal = new Journal();
    if (folder === undefined) return journal;
    const path = join(folder, `${encodeURIComponent(device)}.jsonl`);
    for (const line of (await JournalFile.read(path)) as Line[]) {
      if (line.state === 'DROPPED') journal.#entries.delete(line.message_id);
      else journal.#entries.set(line.message_id, line);
    }
    journal.#file = await JournalFile.open(path, [...journal.#entries.values()]);
    return journal;
  }

  get(messageId: string): JournalEntry | undefined {
    return this.#entries.get(messageId);
  }

  entries(): IterableIterator<JournalEntry> {
    return this.#entries.values();
  }

  /** Whether the radio got, or may have got, this text. */
  hasLeft(messageId: string): boolean {
    const entry = this.#entries.get(messageId);
    return entry !== undefined && entry.state !== 'ASKED';
  }

  /** Resolves when the entry is written; for HANDED, only when it is on the disk. */
  async write(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.message_id, entry);
    await this.#file?.append(entry, entry.state === 'HANDED');
  }

  /** Removes a message whose SENDING the server refused. */
  async drop(messageId: string): Promise<void> {
    this.#entries.delete(messageId);
    await this.#file?.append({ message_id: messageId, state: 'DROPPED' }, false);
  }

  async told(messageId: string, status: ReportStatus): Promise<void> {
    const entry = this.#entries.get(messageId);
    if (entry) await this.write({ ...entry, told: status });
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
