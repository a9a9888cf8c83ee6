import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { callMayBeOut, isLive } from '../domain/lease.js';
import type { Head } from './candidate.js';
import { failed } from './changes.js';
import type { Gate, Verdict } from './gates.js';
import { MessagesRepository } from './messages.repository.js';
import { RowByRow } from './row-by-row.js';

const PAGE = 200;
const LOOKS = 3;

/**
 * Asks a gate early about what waits for an address, so that a message that can't go out any more fails now and not when it is due. What a
 * holder has under a live lease stays with it: it may be sending it.
 */
@Injectable()
export class FailWaiting {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly rows: RowByRow,
    private readonly clock: Clock,
  ) {}

  /** Returns how many failed. Looks again where something was changed meanwhile; what is missed all the same, the gate stops later. */
  async to(tenant: TenantId, address: string, gate: Gate): Promise<number> {
    let count = 0;
    for (let look = 0; look < LOOKS; look++) {
      const { made, lost } = await this.pass(tenant, address, gate);
      count += made;
      if (lost === 0) break;
    }
    return count;
  }

  private async pass(tenant: TenantId, address: string, gate: Gate): Promise<{ made: number; lost: number }> {
    const total = { made: 0, lost: 0 };
    let page: Head[] = [];
    do {
      page = await this.messages.waitingFor(tenant, address, PAGE, page.at(-1)?._id);
      const now = this.clock.now();
      const free = page.filter(({ lease }) => !isLive(lease, now) && !callMayBeOut(lease));
      const verdicts = await gate.judge(free, now);
      const reasons = new Map(free.map((seen, i) => [seen, reasonOf(verdicts[i]!)]));
      const stopped = free.filter((seen) => reasons.get(seen));
      const results = await this.rows.change(stopped, (seen) => failed(seen, reasons.get(seen)!, now));
      const made = results.filter(Boolean).length;
      total.made += made;
      total.lost += stopped.length - made;
    } while (page.length === PAGE);
    return total;
  }
}

function reasonOf(verdict: Verdict): string | null {
  return verdict !== 'pass' && 'fail' in verdict ? verdict.fail : null;
}
