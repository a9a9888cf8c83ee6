import { tooMany } from '../../common/errors.js';
import { fingerprint } from '../../domain/fingerprint.js';
import { countedAddress } from './counted-address.js';
import type { ThrottleStorage } from './throttle-storage.js';

interface Rule {
  /** Part of its keys, and of the error's code unless another one is given: `too_many_<code>`. */
  name: string;
  code?: string;
  failures: number;
  /** The time in which that many failures are allowed. */
  millis: number;
  message: string;
}

/**
 * Stops callers who guess a secret. It counts only failures, so callers with the right secret behind one address don't block each other,
 * however many they are. `@Throttle` counts calls before their result is known, so this class uses its storage instead.
 */
export class FailureThrottle {
  constructor(
    private readonly storage: ThrottleStorage,
    private readonly rule: Rule,
  ) {}

  /** Returns the number of failures in the present window. @throws ApiError 429 after too many failures. */
  async check(address: string, account = ''): Promise<number> {
    const { name, code = name, millis, failures, message } = this.rule;
    const hits = await this.storage.look(this.key(address, account), millis, failures);
    if (hits.isBlocked) throw tooMany(`too_many_${code}`, message, hits.timeToBlockExpire);
    return hits.totalHits;
  }

  async failed(address: string, account = ''): Promise<void> {
    await this.storage.increment(this.key(address, account), this.rule.millis, this.rule.failures);
  }

  private key(address: string, account: string): string {
    return `${this.rule.name}:${fingerprint(countedAddress(address), account)}`;
  }
}
