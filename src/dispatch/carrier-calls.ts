import { Injectable } from '@nestjs/common';
import type { SendOutcome } from '../carriers/carrier.js';
import type { OpenAccount } from '../carriers/open-account.js';

export type CallWatcher = (account: OpenAccount, outcome: SendOutcome, seconds: number) => void;

/** Tells of every call to a carrier once it is answered. Watchers are quick and never throw. */
@Injectable()
export class CarrierCalls {
  private readonly watchers: CallWatcher[] = [];

  watch(watcher: CallWatcher): void {
    this.watchers.push(watcher);
  }

  made(...call: Parameters<CallWatcher>): void {
    for (const watcher of this.watchers) watcher(...call);
  }
}
