import { Injectable } from '@nestjs/common';

/** Calls to providers at the same time, all accounts together. */
const SLOTS = 100;
/** So many at once for one account while others wait. */
const SHARE = 8;

/**
 * Room for calls that all accounts share. They take turns: who waits longest is first, and gets a small share at a time, so that one
 * tenant's campaign is no more in another's way than one of its texts.
 */
@Injectable()
export class CallSlots {
  private left = SLOTS;
  private readonly waiting: { most: number; give: (slots: number) => void }[] = [];

  /** Waits for a slot; answers how many there are for the caller, `most` at most. They go back by `free`. */
  take(most: number): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push({ most, give: resolve });
      this.serve();
    });
  }

  free(slots: number): void {
    this.left += slots;
    this.serve();
  }

  private serve(): void {
    while (this.left > 0 && this.waiting.length > 0) {
      const { most, give } = this.waiting.shift()!;
      const slots = Math.min(most, SHARE, this.left);
      this.left -= slots;
      give(slots);
    }
  }
}
