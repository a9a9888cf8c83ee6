import type { Collection, CollectionSpec, Store } from '../collection.js';
import { COLLECTIONS } from '../indexes.js';
import type { Doc } from '../query.js';
import { Checksum } from './canonical.js';
import { isMoved, MoveProgress } from './transfer-record.js';

export interface MovedCollection {
  name: string;
  /** Number of documents in the source and in the target. */
  from: number;
  to: number;
  isEqual: boolean;
}
export interface MoveOptions {
  now: Date;
  say: (line: string) => void;
  /** Documents read and written at a time. */
  page?: number;
}

/** A request that is not expanded yet may have 8 MiB. */
const PAGES: Readonly<Record<string, number>> = { sms_requests: 20 };
const PAGE = 500;
const TELL_EVERY = 50_000;

/**
 * Copies every document to an empty store, then reads both stores and compares them. No other program may write to either. When it was
 * interrupted, the next call continues; the comparison finds documents that changed in the source in the meantime, and they are copied
 * again. The move counts as finished only when everything is equal.
 * @throws Error when the target holds other data.
 */
export async function moveStore(from: Store, to: Store, options: MoveOptions): Promise<MovedCollection[]> {
  const progress = await MoveProgress.begin(from, to);
  if (progress.isResumed) options.say('Continuing the move that was interrupted.');
  // TTL indexes are created after the comparison: before, expired documents would be missing from the target alone.
  await to.applyIndexes(COLLECTIONS.map(withoutExpiry));
  const moved: MovedCollection[] = [];
  for (const name of [...(await from.collectionNames())].sort()) {
    const one = new CollectionMove(name, from.collection(name), to.collection(name), progress, options);
    await one.copyFrom(progress.positionIn(name));
    let result = await one.compare();
    if (!result.isEqual && progress.isResumed) {
      options.say(`${name} has changed since the move began; it is copied again.`);
      await one.copyFrom(undefined);
      result = await one.compare();
    }
    moved.push(result);
  }
  if (moved.every(({ isEqual }) => isEqual)) {
    await to.applyIndexes(COLLECTIONS);
    await progress.finish(options.now);
  }
  return moved;
}

function withoutExpiry({ name, indexes }: CollectionSpec): CollectionSpec {
  return { name, indexes: indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds === undefined) };
}

class CollectionMove {
  private readonly batch: number;

  constructor(
    private readonly name: string,
    private readonly from: Collection<Doc>,
    private readonly to: Collection<Doc>,
    private readonly progress: MoveProgress,
    private readonly options: MoveOptions,
  ) {
    this.batch = options.page ?? PAGES[name] ?? PAGE;
  }

  async copyFrom(position: string | undefined): Promise<void> {
    const beyond = position === undefined ? {} : { _id: { $gt: position } };
    // The last page before an interruption may be incomplete in the target.
    if (this.progress.isResumed) await this.#empty(position);
    let copied = 0;
    for await (const page of this.from.pages(beyond, { batch: this.batch })) {
      const { duplicates } = await this.to.insertMany(page.filter((doc) => isMoved(this.name, doc)));
      if (duplicates.length > 0)
        throw new Error(`Another program writes to ${this.name} of the target. Stop every gateway that uses it.`);
      await this.progress.reached(this.name, page.at(-1)!._id);
      const before = copied;
      copied += page.length;
      if (Math.floor(copied / TELL_EVERY) > Math.floor(before / TELL_EVERY))
        this.options.say(`  ${this.name}: ${copied} copied`);
    }
  }

  async compare(): Promise<MovedCollection> {
    const [source, target] = await Promise.all([this.#sum(this.from), this.#sum(this.to)]);
    const isEqual = source.documents === target.documents && source.hex === target.hex;
    return { name: this.name, from: source.documents, to: target.documents, isEqual };
  }

  async #empty(position: string | undefined): Promise<void> {
    const pages = this.to.pages(position === undefined ? {} : { _id: { $gt: position } }, { batch: PAGE });
    for await (const page of pages) {
      const ids = page.filter((doc) => isMoved(this.name, doc)).map(({ _id }) => _id);
      await this.to.deleteMany({ _id: { $in: ids } });
    }
  }

  async #sum(collection: Collection<Doc>): Promise<Checksum> {
    const sum = new Checksum();
    for await (const page of collection.pages({}, { batch: this.batch }))
      for (const doc of page) if (isMoved(this.name, doc)) sum.add(doc);
    return sum;
  }
}
