import { Injectable } from '@nestjs/common';
import type { Head } from '../messages/candidate.js';
import { Gates, type Gate, type Verdict } from '../messages/gates.js';
import { OptOutLookup } from './opt-out-lookup.js';

export const OPTED_OUT = 'OPTED_OUT';

/** Whoever has opted out since a message was accepted doesn't get it. */
@Injectable()
export class OptOutGate implements Gate {
  readonly name = 'opt-outs';

  constructor(
    gates: Gates,
    private readonly lookup: OptOutLookup,
  ) {
    gates.register(this);
  }

  async judge(messages: readonly Head[]): Promise<Verdict[]> {
    return (await this.lookup.stopNow(messages)).map((stopped) => (stopped ? { fail: OPTED_OUT } : 'pass'));
  }
}
