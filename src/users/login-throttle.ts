import { Injectable } from '@nestjs/common';
import { minutes } from '@nestjs/throttler';
import { FailureThrottle } from '../auth/throttle/failure-throttle.js';
import { ThrottleStorage } from '../auth/throttle/throttle-storage.js';

/** Failed logins per address and user; right passwords are never counted. */
@Injectable()
export class LoginThrottle extends FailureThrottle {
  constructor(storage: ThrottleStorage) {
    super(storage, {
      name: 'failed_logins',
      failures: 10,
      millis: minutes(15),
      message: 'Too many failed logins for this user from here. Wait and try again.',
    });
  }
}
