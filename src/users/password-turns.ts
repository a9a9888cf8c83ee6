import { busy } from '../common/errors.js';

/** A hash takes some 50 ms of a core. Two at a time leave libuv's other threads to the rest of the gateway. */
const AT_ONCE = 2;
/** Of one address: what it would wait for more than a second or two is told to come again. */
const MOST_OF_ONE = 40;
const MOST_OF_ALL = 400;

type Begin = () => void;

/** Who hashes next: addresses take turns, so that one with a thousand guesses keeps only itself waiting. */
export class PasswordTurns {
  /** By address, in the order of their turns. */
  private readonly waiting = new Map<string, Begin[]>();
  private waitingOfAll = 0;
  private running = 0;

  /** @throws ApiError 503 when too many wait. */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await this.wait(address);
    else this.running++;
    try {
      return await work();
    } finally {
      this.giveOn();
    }
  }

  private wait(address: string): Promise<void> {
    const queue = this.waiting.get(address) ?? [];
    if (queue.length >= MOST_OF_ONE || this.waitingOfAll >= MOST_OF_ALL)
      throw busy('Too many logins are waiting. Try again in a moment.', 2);
    this.waiting.set(address, queue);
    this.waitingOfAll++;
    return new Promise((begin) => queue.push(begin));
  }

  /** The place of who has finished goes to the next address, which then stands at the end of the row. */
  private giveOn(): void {
    const first = this.waiting.entries().next();
    if (first.done) {
      this.running--;
      return;
    }
    const [address, queue] = first.value;
    const begin = queue.shift()!;
    this.waitingOfAll--;
    this.waiting.delete(address);
    if (queue.length > 0) this.waiting.set(address, queue);
    begin();
  }
}
