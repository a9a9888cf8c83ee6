import { Injectable } from '@nestjs/common';
import type { Head } from './candidate.js';

/** What is to become of a message that is about to be leased. */
export type Verdict = 'pass' | { fail: string } | { until: Date; note?: string };

/**
 * Who must be asked before a message is leased: whether its recipient still wants it, whether the hour is right. Features register
 * theirs; it is asked once for all heads of a claim, so that it looks up all of them at once.
 */
export interface Gate {
  /** As the history names it: `opt-outs`. */
  readonly name: string;
  /** A verdict for each message, in their order. */
  judge(messages: readonly Head[], now: Date): Promise<readonly Verdict[]>;
}

export interface Judged {
  gate: string;
  verdict: Exclude<Verdict, 'pass'>;
}

@Injectable()
export class Gates {
  private readonly known: Gate[] = [];

  register(gate: Gate): void {
    this.known.push(gate);
  }

  /** The first gate's word that isn't `pass`; null for what may be leased. All gates are asked side by side. */
  async judge(messages: readonly Head[], now: Date): Promise<(Judged | null)[]> {
    const verdicts = await Promise.all(
      this.known.map(async (gate) => ({ gate: gate.name, of: await gate.judge(messages, now) })),
    );
    return messages.map((_, i) => {
      for (const { gate, of } of verdicts) {
        const verdict = of[i];
        if (verdict === undefined) throw new Error(`The gate ${gate} has no verdict for each message`);
        if (verdict !== 'pass') return { gate, verdict };
      }
      return null;
    });
  }
}
