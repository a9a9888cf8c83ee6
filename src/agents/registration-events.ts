import { Injectable } from '@nestjs/common';

/** By what a known phone proved that a new token is for it. */
export type RotatedBy = 'token' | 'code' | 'secret';
export type Refusal = 'wrong_secret' | 'no_secret_set' | 'token_needed' | 'wrong_code' | 'wrong_registration_code';

interface Watcher {
  rotated(by: RotatedBy): void;
  refused(reason: Refusal): void;
}

/** Tells of rotated tokens and refused registrations, for whoever counts them. */
@Injectable()
export class RegistrationEvents implements Watcher {
  private readonly watchers: Watcher[] = [];

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  rotated(by: RotatedBy): void {
    for (const watcher of this.watchers) watcher.rotated(by);
  }

  refused(reason: Refusal): void {
    for (const watcher of this.watchers) watcher.refused(reason);
  }
}
