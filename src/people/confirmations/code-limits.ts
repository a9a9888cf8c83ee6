import { Injectable } from '@nestjs/common';
import { hours, minutes } from '@nestjs/throttler';
import { ThrottleStorage } from '../../auth/throttle/throttle-storage.js';
import { tooMany } from '../../common/errors.js';
import { hashSecret } from '../../common/secrets.js';

const LIMITS = [
  { most: 1, millis: minutes(1) },
  { most: 5, millis: hours(1) },
];

/** How often codes and links are sent, per address and per who asks: nobody is flooded, and nobody runs up costs. */
@Injectable()
export class CodeLimits {
  constructor(private readonly storage: ThrottleStorage) {}

  /** Counts one more for each of these. @throws ApiError 429 */
  async take(...keys: string[]): Promise<void> {
    const seconds = await this.wait(...keys);
    if (seconds > 0)
      throw tooMany('too_many_codes', 'A code was sent a moment ago. Wait for the seconds in Retry-After.', seconds);
  }

  /** The same, and says how many seconds there are to wait; 0: none. */
  async wait(...keys: string[]): Promise<number> {
    for (const { most, millis } of LIMITS) {
      for (const key of keys) {
        const hits = await this.storage.increment(`codes:${millis}:${hashSecret(key)}`, millis, most);
        if (hits.isBlocked) return hits.timeToBlockExpire;
      }
    }
    return 0;
  }
}
