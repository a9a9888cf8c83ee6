import { Jobs } from './jobs.js';
import type { Life } from './life.js';
import type { PhoneMemory, StoredMessage } from './phone-memory.js';
import type { Radio } from './radio.js';
import type { Server } from './server.js';

interface Given {
  id: string;
  textMessage: { text: string };
  phoneNumbers: string[];
  simNumber: number | null;
  priority: number;
  validUntil: string;
  state: 'Pending' | 'Cancelling';
}

/** What the app and the gateway tell one another of messages. */
export class Exchange {
  readonly reports: Jobs<{ id: string }>;
  /** Pulls that were given up for the next one. */
  pullsLost = 0;
  private pulling: AbortController | undefined;

  constructor(
    private readonly memory: PhoneMemory,
    private readonly server: Server,
    private readonly radio: () => Radio,
    private readonly order: 'lifo' | 'fifo',
    random: () => number,
    private readonly retryMillis: number,
  ) {
    this.reports = new Jobs(memory.reports, ({ id }, signal) => this.tell(id, signal), random, retryMillis);
  }

  get left(): number {
    return this.reports.left + (this.pulling ? 1 : 0);
  }

  /** A pull that is in flight is given up for it, and its answer is lost. */
  pull(life: Life): void {
    if (this.pulling && !this.pulling.signal.aborted) this.pullsLost++;
    this.pulling?.abort();
    const mine = (this.pulling = new AbortController());
    const signal = AbortSignal.any([mine.signal, life.signal]);
    life.begin(async () => {
      await life.untilDone(async () => mine.signal.aborted || (await this.pullOnce(signal, life)), this.retryMillis);
      if (this.pulling === mine) this.pulling = undefined;
    });
  }

  private async pullOnce(signal: AbortSignal, life: Life): Promise<boolean> {
    const { status, body } = await this.call('GET', `/message?order=${this.order}`, signal);
    if (status !== 200 || signal.aborted) return false;
    for (const message of body as Given[]) this.take(message, life);
    this.radio().wake(life);
    return true;
  }

  /** What it knows it never sends again: it tells its state. */
  private take(given: Given, life: Life): void {
    const isKnown = this.memory.messages.has(given.id);
    if (!isKnown) this.memory.messages.set(given.id, stored(given));
    if (given.state === 'Cancelling') this.radio().cancel(given.id);
    if (isKnown) this.reports.add({ id: given.id }, life);
  }

  /** As it is when the job runs. */
  private async tell(id: string, signal: AbortSignal): Promise<boolean> {
    const { phoneNumber, state, error, states } = this.memory.messages.get(id)!;
    const recipients = [{ phoneNumber, state, ...(error ? { error } : {}) }];
    const { status } = await this.call('PATCH', '/message', signal, [{ id, state, recipients, states }]);
    return status >= 200 && status < 300;
  }

  private call(method: string, path: string, signal: AbortSignal, body?: unknown) {
    return this.server.call(method, path, { authorization: this.memory.authorization, signal, body });
  }
}

function stored({ id, textMessage, phoneNumbers, simNumber, priority, validUntil }: Given): StoredMessage {
  return {
    id,
    phoneNumber: phoneNumbers[0]!,
    text: textMessage.text,
    simNumber,
    priority,
    validUntil: new Date(validUntil),
    state: 'Pending',
    error: null,
    states: {},
  };
}
