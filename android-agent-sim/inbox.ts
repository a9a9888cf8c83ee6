import { join } from 'node:path';
import { JournalFile } from './journal-file.js';
import type { Handset } from './handset.js';
import type { StoredText } from './modem.js';

/** `begun`: every text that was there before is in the file. */
type Line = { seen: string } | { begun: string };

const PAGE = 50;
const FIRST_PAGE = 500;
/** Pages overlap, so that a text that is deleted while they are read hides none. */
const OVERLAP = 10;
const MOST_REMEMBERED = 50_000;

/** Uploads the texts that the phone receives, each once; a file beside the journal has which ones. */
export class Inbox {
  readonly #seen = new Set<string>();
  /** Read, but not yet with the server. */
  readonly #waiting = new Set<string>();
  #begun = false;
  #file!: JournalFile;

  static async open(device: string, folder: string): Promise<Inbox> {
    const inbox = new Inbox();
    const path = join(folder, `${encodeURIComponent(device)}.received.jsonl`);
    const lines = ((await JournalFile.read(path)) as Line[]).filter((line) => 'seen' in line || 'begun' in line);
    const begun = lines.filter((line) => 'begun' in line);
    const seen = lines.filter((line) => 'seen' in line).slice(-MOST_REMEMBERED);
    for (const { seen: key } of seen) inbox.#seen.add(key);
    inbox.#begun = begun.length > 0;
    inbox.#file = await JournalFile.open(path, [...begun.slice(0, 1), ...seen]);
    return inbox;
  }

  /** Looks for new texts until `signal` aborts. */
  async run(handset: Handset, signal: AbortSignal): Promise<void> {
    const { options, timers } = handset;
    while (!signal.aborted) {
      await this.#look(handset, signal);
      await timers.sleep(options.inboxSeconds * 1000, signal);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #look(handset: Handset, signal: AbortSignal): Promise<void> {
    const fresh = await this.#unseen(handset, signal);
    if (fresh === undefined || signal.aborted) return;
    if (!this.#begun) {
      const old = handset.options.oldTexts ? [] : fresh.splice(0);
      await Promise.all(old.map(({ key }) => this.#remember(key)));
      await this.#file.append({ begun: new Date(handset.timers.now()).toISOString() }, true);
      this.#begun = true;
    }
    for (const text of fresh) this.#upload(text, handset);
  }

  /** The oldest first; undefined when the phone can't tell. */
  async #unseen({ modem }: Handset, signal: AbortSignal): Promise<StoredText[] | undefined> {
    const found = new Map<string, StoredText>();
    const limit = this.#begun ? PAGE : FIRST_PAGE;
    for (let offset = 0; ; offset += limit - OVERLAP) {
      const page = await modem.texts?.(offset, limit, signal);
      if (!page) return undefined;
      const before = found.size;
      for (const text of page) if (!this.#knows(text.key)) found.set(text.key, text);
      if (found.size === before) return [...found.values()].toReversed();
    }
  }

  #knows(key: string): boolean {
    return this.#seen.has(key) || this.#waiting.has(key);
  }

  #upload({ key, text }: StoredText, { emit, modem, received, trouble }: Handset): void {
    this.#waiting.add(key);
    received.add({
      text,
      uploaded: () =>
        void this.#remember(key)
          .then(() => modem.forget?.(key))
          .catch(trouble),
    });
    emit('inbound', { to: text.from, text: text.text });
  }

  async #remember(key: string): Promise<void> {
    this.#seen.add(key);
    this.#waiting.delete(key);
    await this.#file.append({ seen: key }, false);
  }
}
