import type { Request } from './protocol.js';

/** Rows that one operation reads, counts or writes: with more than this it is a long one. 200 messages are two milliseconds of the worker's time. */
const MOST_ROWS_OF_A_SHORT = 200;

/** Where an operation waits. `turn`: among the long operations of this tenant. */
export interface Lane {
  turn?: string;
}
export const SHORT: Lane = {};

/** Returns the lane for an operation on this many rows. */
export function laneOf(rows: number, filter: object): Lane {
  if (rows <= MOST_ROWS_OF_A_SHORT) return SHORT;
  return { turn: String((filter as { tenant_id?: unknown }).tenant_id ?? '') };
}

/**
 * Operations that were not sent to the worker yet. Short operations are sent together; long ones are sent one at a time, and tenants
 * take turns: however many pages, exports and campaigns one tenant has under way, another tenant's request waits for at most one of them.
 */
export class Outbox {
  #short: Request[] = [];
  /** The tenant whose turn it is comes first. */
  readonly #long = new Map<string, Request[]>();

  get isEmpty(): boolean {
    return this.#short.length === 0 && this.#long.size === 0;
  }

  add(request: Request, { turn }: Lane): void {
    if (turn === undefined) return void this.#short.push(request);
    const waiting = this.#long.get(turn);
    if (waiting) waiting.push(request);
    else this.#long.set(turn, [request]);
  }

  /** The lists to send now, each as its own message, so that the answers of the short operations don't wait for the long one. */
  take(): Request[][] {
    const short = this.#short;
    this.#short = [];
    const long = this.#takeLong();
    return [short, long].filter((requests) => requests.length > 0);
  }

  /** Removes and returns everything that still waits, when the store ends. */
  takeAll(): Request[] {
    const all = [...[...this.#long.values()].flat(), ...this.#short];
    this.#short = [];
    this.#long.clear();
    return all;
  }

  #takeLong(): Request[] {
    const first = this.#long.entries().next().value;
    if (!first) return [];
    const [turn, waiting] = first;
    const next = waiting.splice(0, 1);
    // To the end of the row, if it has more.
    this.#long.delete(turn);
    if (waiting.length > 0) this.#long.set(turn, waiting);
    return next;
  }
}
