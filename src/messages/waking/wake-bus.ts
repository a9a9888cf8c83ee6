/** Those who wait in this process. */
export interface Hearer {
  readonly isAnybodyWaiting: boolean;
  /** Another gateway has told that something came into the queue. */
  wakeHere(queue: string): void;
}

/**
 * Tells the other gateways on the same database that something came into a queue, so that a phone that waits there looks for it. A wake
 * that is lost costs that phone its safety poll and nothing else, so nobody ever waits for one to be written.
 */
export abstract class WakeBus {
  abstract connect(hearer: Hearer): void;
  /** Something came into the queue. Never throws; it is written a little later. */
  abstract tell(queue: string): void;
  /** Somebody waits from now on: what others tell has to be heard. Never throws. */
  abstract listen(): void;
  /** Hears and takes nothing any more; what it was told before is written. */
  abstract close(): Promise<void>;
}

/** Of a gateway that has its store to itself. */
export class NoOtherGateways extends WakeBus {
  connect(): void {}
  tell(): void {}
  listen(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }
}
