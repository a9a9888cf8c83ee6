import type { Life } from './life.js';
import type { PhoneMemory, State, StoredMessage } from './phone-memory.js';

export interface SentText {
  id: string;
  to: string;
  text: string;
  simNumber: number | null;
  at: Date;
}

/** How the network takes a text: an error, or how far it comes. */
export type Outcome = 'Sent' | 'Delivered' | { error: string };

interface RadioPhone {
  memory: PhoneMemory;
  /** The message has a new state. */
  changed: (id: string) => void;
  now: () => Date;
  outcomeOf: (message: StoredMessage) => Outcome;
  /** How long each step takes. */
  millis: () => number;
}

/** What the app gives to Android's radio, one text after the other, the most urgent first. */
export class Radio {
  /** All that has ever left the phone. */
  readonly sentTexts: SentText[] = [];
  private isHeld = false;
  private isBusy = false;

  constructor(private readonly phone: RadioPhone) {}

  hold(): void {
    this.isHeld = true;
  }
  release(life: Life): void {
    this.isHeld = false;
    this.wake(life);
  }

  /** Goes on until nothing waits. */
  wake(life: Life): void {
    if (this.isBusy) return;
    this.isBusy = true;
    life.begin(async () => {
      try {
        for (let next = this.next(); next && !this.isHeld && !life.isOver; next = this.next()) {
          await life.pause(this.phone.millis());
          if (!life.isOver && !this.isHeld && next.state === 'Pending') this.send(next, life);
        }
      } finally {
        this.isBusy = false;
      }
    });
  }

  cancel(id: string): void {
    const message = this.phone.memory.messages.get(id);
    if (message?.state === 'Pending') this.set(message, 'Cancelled');
  }

  /** From the radio to the database is one step here: an app that dies between the two sends again. */
  private send(message: StoredMessage, life: Life): void {
    if (message.validUntil && message.validUntil <= this.phone.now()) return this.set(message, 'Failed', 'TTL expired');
    const { id, phoneNumber, text, simNumber } = message;
    this.sentTexts.push({ id, to: phoneNumber, text, simNumber, at: this.phone.now() });
    this.set(message, 'Processed');
    const outcome = this.phone.outcomeOf(message);
    life.begin(async () => {
      await life.pause(this.phone.millis());
      // Android tells the app's next process as well.
      if (typeof outcome === 'object') return this.set(message, 'Failed', outcome.error);
      this.set(message, 'Sent');
      if (outcome === 'Sent') return;
      await life.pause(this.phone.millis());
      this.set(message, 'Delivered');
    });
  }

  private next(): StoredMessage | undefined {
    const waiting = [...this.phone.memory.messages.values()].filter(({ state }) => state === 'Pending');
    return waiting.sort((a, b) => b.priority - a.priority)[0];
  }

  private set(message: StoredMessage, state: State, error: string | null = null): void {
    message.state = state;
    message.error = error;
    message.states[state] = this.phone.now().toISOString();
    this.phone.changed(message.id);
  }
}
