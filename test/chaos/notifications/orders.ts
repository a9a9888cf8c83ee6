import type { Way } from '../../../src/domain/preference.js';

/** Where one of an order's recipients is to be told, one way after the other. */
export interface Expected {
  legs: readonly { way: Way; to: string; isBad: boolean }[];
}

/** One notification that somebody asks for. Its code is in its text and is its reference. */
export interface Order {
  code: string;
  expected: readonly Expected[];
  /** It also goes to everybody in the topic. */
  toTopic: boolean;
  sendAt: number | null;
  /** The gateway's answer. */
  id?: string;
  /** `asked`: by a call without an answer. */
  cancel: 'no' | 'asked' | 'told';
  /** Whether whoever is told says so: nobody is asked to, never, perhaps later, by a call without an answer, and with one. */
  confirm: 'unasked' | 'never' | 'later' | 'asked' | 'told';
}

/** What left by a phone's radio, or was taken by the mail server or by Firebase. */
export interface Handed {
  way: Way;
  to: string;
  text: string;
  at: number;
}

/** What the gateway was asked, and what it has handed over, found by way, address and code. */
export class Orders {
  readonly all: Order[] = [];
  private readonly handed = new Map<string, Handed[]>();
  private people = 0;

  begin(order: Omit<Order, 'code' | 'cancel'>): Order {
    const begun: Order = { ...order, code: `code-${this.all.length + 1}.`, cancel: 'no' };
    this.all.push(begun);
    return begun;
  }

  /** An address that nobody else has. Bad ones are refused for good by whoever is behind them. */
  address(way: Way, isBad: boolean): { way: Way; to: string; isBad: boolean } {
    const n = ++this.people;
    if (way === 'sms') return { way, to: `+84938${String(100_000 + n)}`, isBad: false };
    const to =
      way === 'email' ? `${isBad ? 'nobody' : 'somebody'}-${n}@example.com` : `token:${isBad ? 'gone' : 'device'}-${n}`;
    return { way, to, isBad };
  }

  note(handed: Handed): void {
    const key = keyOf(handed.way, handed.to, /code-\d+\./.exec(handed.text)?.[0] ?? '');
    this.handed.set(key, [...(this.handed.get(key) ?? []), handed]);
  }

  handedTo(way: Way, to: string, code: string): readonly Handed[] {
    return this.handed.get(keyOf(way, to, code)) ?? [];
  }

  get handedCount(): number {
    return [...this.handed.values()].reduce((sum, all) => sum + all.length, 0);
  }
}

function keyOf(way: Way, to: string, code: string): string {
  return `${way} ${to} ${code}`;
}
