import { Injectable } from '@nestjs/common';
import { minutes } from '@nestjs/throttler';
import { countedAddress } from '../auth/throttle/counted-address.js';
import { FailureThrottle } from '../auth/throttle/failure-throttle.js';
import { ThrottleStorage } from '../auth/throttle/throttle-storage.js';
import { tooMany } from '../common/errors.js';
import { Pause } from '../common/pause.js';

const FAILURES = 300;
/** From so many failures on, each login from the address waits: longer with every further one. */
const SLOW_FROM = 30;
const STEP_MILLIS = 100;
const LONGEST_MILLIS = 2000;
/** Logins that wait so at the same time, of one address and of all. */
const MOST_OF_ONE = 20;
const MOST_OF_ALL = 400;

/**
 * Failed logins per address, whichever names were tried: who tries ever new names is never stopped by the count of one name. A shop
 * behind one address must not lock itself out, so the limit is high, and before it is reached a right password gets in, only later.
 */
@Injectable()
export class AddressThrottle extends FailureThrottle {
  private readonly slowed = new Map<string, number>();
  private slowedOfAll = 0;

  constructor(
    storage: ThrottleStorage,
    private readonly pause: Pause,
  ) {
    super(storage, {
      name: 'failed_logins_of_address',
      code: 'failed_logins',
      failures: FAILURES,
      millis: minutes(15),
      message: 'Too many failed logins from here. Wait and try again.',
    });
  }

  /**
   * Lets the caller wait as long as the failures from this address ask for. Before the password is looked at, so that right and wrong
   * ones wait alike. @throws ApiError 429 after too many failures, or while too many wait.
   */
  async slowDown(address: string): Promise<void> {
    const over = (await this.check(address)) - SLOW_FROM + 1;
    if (over <= 0) return;
    const caller = countedAddress(address);
    const others = this.slowed.get(caller) ?? 0;
    if (others >= MOST_OF_ONE || this.slowedOfAll >= MOST_OF_ALL)
      throw tooMany('too_many_failed_logins', 'Many logins from here have failed, and many wait. Try again.', 2);
    this.count(caller, 1);
    try {
      await this.pause.for(Math.min(LONGEST_MILLIS, over * STEP_MILLIS));
    } finally {
      this.count(caller, -1);
    }
  }

  private count(caller: string, n: 1 | -1): void {
    const left = (this.slowed.get(caller) ?? 0) + n;
    if (left === 0) this.slowed.delete(caller);
    else this.slowed.set(caller, left);
    this.slowedOfAll += n;
  }
}
