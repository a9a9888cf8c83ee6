import type { Clock } from '../../common/clock.js';
import { ThrottleStorage, type Hits } from './throttle-storage.js';
import { toHits, Windows } from './windows.js';

/** Counts in this process, because the embedded store belongs to one gateway. */
export class LocalStorage extends ThrottleStorage {
  private readonly windows = new Windows<number>();

  constructor(private readonly clock: Clock) {
    super();
  }

  increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const now = this.clock.now().getTime();
    const window = this.windows.at(now, ttl);
    const hits = (window.keys.get(key) ?? 0) + 1;
    window.keys.set(key, hits);
    return Promise.resolve(toHits(hits, hits > limit, now, window));
  }

  look(key: string, ttl: number, limit: number): Promise<Hits> {
    const now = this.clock.now().getTime();
    const window = this.windows.at(now, ttl);
    const hits = window.keys.get(key) ?? 0;
    return Promise.resolve(toHits(hits, hits >= limit, now, window));
  }
}
