import { LRUCache } from 'lru-cache';

/**
 * Caches look-ups for a few seconds, so that a busy key costs one read instead of one for each call. A change in this process
 * calls `forget`; another gateway on the same database sees the change when its entry expires.
 */
export class ShortCache<V extends object> {
  private readonly entries: LRUCache<string, V>;
  private timesForgotten = 0;

  constructor(
    private readonly load: (key: string) => Promise<V | null>,
    seconds = 5,
    max = 10_000,
  ) {
    this.entries = new LRUCache({ max, ttl: seconds * 1000 });
  }

  async get(key: string): Promise<V | null> {
    const known = this.entries.get(key);
    if (known) return known;
    const before = this.timesForgotten;
    const loaded = await this.load(key);
    // A value that was read while its entry was being forgotten may already be out of date.
    if (loaded && before === this.timesForgotten) this.entries.set(key, loaded);
    return loaded;
  }

  /** Returns only a cached value. */
  peek(key: string): V | undefined {
    return this.entries.get(key);
  }

  forget(key: string): void {
    this.timesForgotten++;
    this.entries.delete(key);
  }

  forgetWhere(matches: (value: V) => boolean): void {
    this.timesForgotten++;
    for (const [key, value] of this.entries.entries()) if (matches(value)) this.entries.delete(key);
  }
}
