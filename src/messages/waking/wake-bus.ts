/** The phones that wait in this process. */
export interface Hearer {
  readonly isAnybodyWaiting: boolean;
  /** Called when another gateway reports a new message in the queue. */
  wakeHere(queue: string): void;
}

/**
 * Tells the other gateways on the same database that a queue has a new message, so that a phone that waits there claims it. If a wake is
 * lost, the phone only waits for its own periodic check, so nothing waits until a wake is written.
 */
export abstract class WakeBus {
  abstract connect(hearer: Hearer): void;
  /** Reports a new message in the queue. Never throws; the wake is written a little later. */
  abstract tell(queue: string): void;
  /** Called when a phone begins to wait, so that wakes of other gateways must be received. Never throws. */
  abstract listen(): void;
  /** Stops receiving and accepting wakes; writes those that were reported before. */
  abstract close(): Promise<void>;
}

/** For a gateway that is alone on its store. */
export class NoOtherGateways extends WakeBus {
  connect(): void {}
  tell(): void {}
  listen(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }
}
