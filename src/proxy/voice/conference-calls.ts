import { Injectable, Logger } from '@nestjs/common';
import type { OpenAccount } from '../../carriers/open-account.js';
import type { Participant } from '../session.js';

/** A provider waits 15 seconds for our answer to the caller. */
const PATIENCE_MILLIS = 8000;

/** Calls people into a conference. */
@Injectable()
export class ConferenceCalls {
  private readonly logger = new Logger(ConferenceCalls.name);

  /** Each sees the number that they know. Returns whether anybody's telephone may ring. */
  async start(account: OpenAccount, callees: readonly Participant[], url: string): Promise<boolean> {
    const { carrier, tenant, name } = account;
    if (!carrier.startCall) return false;
    const signal = AbortSignal.timeout(PATIENCE_MILLIS);
    const outcomes = await Promise.all(
      callees.map(({ tn: from, address: to }) => carrier.startCall!({ from, to, url }, signal)),
    );
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind === 'accepted') continue;
      const told = {
        tenant,
        carrier: name,
        participant: callees[i]!.id,
        outcome: outcome.kind,
        reason: outcome.reason,
      };
      this.logger.warn(told, 'a participant could not be called into a conference');
    }
    return outcomes.some(({ kind }) => kind === 'accepted' || kind === 'unknown');
  }
}
