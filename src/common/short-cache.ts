import { LRUCache } from 'lru-cache';

/**
 * Remembers look-ups for a few seconds, so that a busy key costs one read and not one for each call. Changes made in this process
 * call `forget`; another gateway on the same database notices them when the entry runs out.
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
    // What was read while something was being forgotten may be the very value that is out of date.
    if (loaded && before === this.timesForgotten) this.entries.set(key, loaded);
    return loaded;
  }

  /** Only what is remembered. */
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
