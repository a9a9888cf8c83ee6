import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { tooMany } from '../common/errors.js';
import { fingerprint } from '../domain/fingerprint.js';
import { LoginFailuresRepository } from './login-failures.repository.js';

const FAILURES = 10;
const WINDOW_MINUTES = 15;

/** Failed logins per user and address; right passwords are never counted. Kept in the store, so that gateways count together. */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly failures: LoginFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 429 after ten failures within a quarter of an hour. */
  async check(username: string, address: string): Promise<void> {
    if ((await this.failures.count(this.key(username, address))) < FAILURES) return;
    const windowMillis = WINDOW_MINUTES * 60_000;
    const rest = windowMillis - (this.clock.now().getTime() % windowMillis);
    throw tooMany(
      'too_many_failed_logins',
      'Too many failed logins for this user from here. Wait and try again.',
      rest / 1000,
    );
  }

  async failed(username: string, address: string): Promise<void> {
    await this.failures.add(
      this.key(username, address),
      new Date(this.clock.now().getTime() + WINDOW_MINUTES * 60_000),
    );
  }

  private key(username: string, address: string): string {
    const window = Math.floor(this.clock.now().getTime() / (WINDOW_MINUTES * 60_000));
    return `login:${fingerprint(username, address)}:${window}`;
  }
}
