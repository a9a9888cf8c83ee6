import type { Clock } from '../../common/clock.js';
import { ThrottleStorage, type Hits } from './throttle-storage.js';
import type { ThrottleRepository } from './throttle.repository.js';
import { toHits, Windows, type Window } from './windows.js';

/** What this gateway knows about a key in one window. */
interface Share {
  /** Number of calls that all gateways have taken of the limit. */
  taken: number;
  /** How many of them this gateway may still let through. */
  left: number;
  /** The limit; set when all of it is taken. */
  isAllTaken: boolean;
  taking?: Promise<void> | undefined;
}

/**
 * Several gateways count together: each takes a hundredth of the limit at a time from the store (at least one call), so at the default
 * of 6,000 calls one write serves sixty. What a gateway took and didn't use is lost to the others until the window ends.
 */
export class SharedStorage extends ThrottleStorage {
  private readonly windows = new Windows<Share>();

  constructor(
    private readonly repository: ThrottleRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  async increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const now = this.clock.now().getTime();
    const window = this.windows.at(now, ttl);
    let share = window.keys.get(key);
    if (!share) window.keys.set(key, (share = { taken: 0, left: 0, isAllTaken: false }));
    // Calls that arrive during the write wait for it, too.
    while (share.left === 0 && !share.isAllTaken) await (share.taking ??= this.take(key, window, limit, share));
    const isBlocked = share.left === 0;
    if (!isBlocked) share.left--;
    return toHits(isBlocked ? limit + 1 : share.taken - share.left, isBlocked, now, window);
  }

  async look(key: string, ttl: number, limit: number): Promise<Hits> {
    const now = this.clock.now().getTime();
    const window = this.windows.at(now, ttl);
    const taken = await this.repository.taken(documentId(key, window));
    const hits = taken - (window.keys.get(key)?.left ?? 0);
    return toHits(hits, hits >= limit, now, window);
  }

  private async take(key: string, window: Window<Share>, limit: number, share: Share): Promise<void> {
    const wanted = Math.max(1, Math.floor(limit / 100));
    try {
      const before = await this.repository.take(documentId(key, window), wanted, purgeAt(window));
      share.left = Math.max(0, Math.min(wanted, limit - before));
      share.taken = Math.min(limit, before + wanted);
      share.isAllTaken = before + wanted >= limit;
    } finally {
      share.taking = undefined;
    }
  }
}

function documentId(key: string, { begins }: Window<Share>): string {
  return `${key}:${begins}`;
}

/** Kept for one more window, because another gateway's clock may be behind. */
function purgeAt({ begins, ends }: Window<Share>): Date {
  return new Date(ends + (ends - begins));
}
