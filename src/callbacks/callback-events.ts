import { Injectable } from '@nestjs/common';

/**
 * What became of a callback or of an event in it: `stored` and `duplicate` at its arrival, `forged` and `malformed` when it is refused,
 * `let_go` when no message was known by it for an hour.
 */
export type CallbackFate = 'stored' | 'duplicate' | 'forged' | 'malformed' | 'let_go';

/** Tells of them, for whoever counts them. */
@Injectable()
export class CallbackEvents {
  private readonly watchers: ((carrier: string, fate: CallbackFate) => void)[] = [];

  watch(watcher: (carrier: string, fate: CallbackFate) => void): void {
    this.watchers.push(watcher);
  }

  tell(carrier: string, fate: CallbackFate): void {
    for (const watcher of this.watchers) watcher(carrier, fate);
  }
}
