import { Injectable } from '@nestjs/common';
import { minutes } from '@nestjs/throttler';
import pLimit from 'p-limit';
import { FailureThrottle } from '../auth/throttle/failure-throttle.js';
import { ThrottleStorage } from '../auth/throttle/throttle-storage.js';

/** So many guesses can be under way while the last that is allowed fails. */
const AT_ONCE = 8;

/**
 * Registrations with a wrong secret, per address. Not per tenant: the caller names it, and could name ever new ones. Sixty a minute leave
 * room for a fleet behind one address whose secret was changed, and are one guess a second.
 */
@Injectable()
export class RegistrationThrottle extends FailureThrottle {
  /** Runs an attempt when its turn has come, so that of a thousand at the same moment each sees the failures of those before it. */
  readonly inTurn = pLimit(AT_ONCE);

  constructor(storage: ThrottleStorage) {
    super(storage, {
      name: 'refused_registrations',
      failures: 60,
      millis: minutes(1),
      message: 'Too many registrations from here were refused. Check the registration secret, wait and try again.',
    });
  }
}
