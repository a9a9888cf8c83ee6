import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { busy } from '../common/errors.js';
import { DuplicateKeyError } from '../database/query.js';
import { DestinationCounting } from '../sending-rules/destination-counting.js';
import { OptOutLookup } from '../sending-rules/opt-out-lookup.js';
import type { PreparedRequest } from './prepared-request.js';
import { DayShares, type Shares } from './day-shares.js';
import { Expansion } from './expansion.js';
import { FingerprintClaims, type Claimed } from './fingerprint-claims.js';
import { FingerprintsRepository } from './fingerprints.repository.js';
import type { RequestDoc } from './request.js';
import { RequestsRepository } from './requests.repository.js';

/** How long a request waits for another that is at work on the same text. */
const PATIENCE_MILLIS = 2000;
const PAUSE_MILLIS = 25;

/**
 * Whole or not at all, without transactions: limit, fingerprints, commit, expansion, each step a write to one document. A crash
 * between any two leaves what recovery finishes or undoes. docs/decisions/0003-acceptance.md tells why it is so.
 */
@Injectable()
export class Acceptance {
  constructor(
    private readonly optOuts: OptOutLookup,
    private readonly shares: DayShares,
    private readonly claims: FingerprintClaims,
    private readonly fingerprints: FingerprintsRepository,
    private readonly requests: RequestsRepository,
    private readonly expansion: Expansion,
    private readonly destinations: DestinationCounting,
  ) {}

  /**
   * Answers the committed request once all its messages are there.
   * @throws ApiError 429 over the limit of a day, 503 when another request holds one of the texts for too long.
   */
  async accept(prepared: PreparedRequest): Promise<RequestDoc> {
    const deadline = performance.now() + PATIENCE_MILLIS;
    const optedOut = await this.optedOut(prepared);
    for (;;) {
      const shares = await this.shares.take(prepared, optedOut);
      const claimed = await this.takeFingerprints(prepared, optedOut, deadline);
      if (claimed.outcome === 'done') return this.commit(prepared, { optedOut, shares, ...claimed });
      await this.undo(prepared, shares, claimed.mine);
      if (claimed.outcome === 'busy' || performance.now() > deadline) throw stillBusy();
      await sleep(PAUSE_MILLIS);
    }
  }

  /**
   * The places of recipients who want no more texts. They are as good as not in the request: they take nothing of the day and no
   * fingerprint. Whoever opts out while the request is on its way is met by the gate.
   */
  private async optedOut({ tenant, request }: PreparedRequest): Promise<ReadonlySet<number>> {
    const { recipients, route, channel, ignores_opt_outs } = request;
    if (ignores_opt_outs || !(await this.optOuts.isUsed(tenant))) return new Set();
    const stopped = await this.optOuts.stop(
      recipients.map(({ to }) => ({ tenant_id: tenant, to, route, ...(channel ? { channel } : {}) })),
    );
    return new Set(stopped.flatMap((isStopped, i) => (isStopped ? [i] : [])));
  }

  private async takeFingerprints(
    prepared: PreparedRequest,
    optedOut: ReadonlySet<number>,
    deadline: number,
  ): Promise<Claimed> {
    if (prepared.duplicateMinutes === 0) return { mine: [], duplicates: new Set(), outcome: 'done' };
    const claimed = await this.claims.claim(prepared, deadline, optedOut);
    return prepared.onPurpose ? { ...claimed, duplicates: new Set() } : claimed;
  }

  private async commit(prepared: PreparedRequest, decision: Decision): Promise<RequestDoc> {
    const request = decided(prepared, decision);
    try {
      await this.requests.insert(request);
    } catch (error) {
      // Anything but a taken id may have been written all the same: then recovery decides, and nothing is undone here.
      if (!(error instanceof DuplicateKeyError)) throw error;
      await this.undo(prepared, decision.shares, decision.mine);
      throw stillBusy();
    }
    this.destinations.countSoon(prepared.tenant, liveDestinations(prepared, decision));
    await this.expansion.expand(request);
    this.expansion.finishSoon(request);
    return request;
  }

  private async undo({ request }: PreparedRequest, shares: Shares, mine: readonly string[]): Promise<void> {
    await this.fingerprints.release(request._id, mine);
    await this.shares.giveBack(request._id, shares);
  }
}

interface Decision extends Pick<Claimed, 'mine' | 'duplicates'> {
  optedOut: ReadonlySet<number>;
  shares: Shares;
}

function decided(prepared: PreparedRequest, { optedOut, duplicates, shares }: Decision): RequestDoc {
  const { request, segments, destinations } = prepared;
  const recipients = request.recipients.map((recipient, i) => {
    if (optedOut.has(i)) return { ...recipient, opted_out: true as const };
    return duplicates.has(i) ? { ...recipient, duplicate: true as const } : recipient;
  });
  const skipped = destinations.filter((destination, i) => destination !== null && duplicates.has(i)).length;
  return {
    ...request,
    recipients,
    counter_id: shares.own?.counterId ?? null,
    ...(shares.abroad ? { abroad: { counter_id: shares.abroad.counterId, skipped } } : {}),
    total_created: recipients.length - duplicates.size - optedOut.size,
    total_skipped: duplicates.size,
    total_opted_out: optedOut.size,
    total_segments: segments.reduce((sum, count, i) => (duplicates.has(i) || optedOut.has(i) ? sum : sum + count), 0),
  };
}

/** Where abroad the messages go that will be sent. */
function liveDestinations({ destinations }: PreparedRequest, { optedOut, duplicates }: Decision): string[] {
  return destinations.filter(
    (destination, i): destination is string => destination !== null && !optedOut.has(i) && !duplicates.has(i),
  );
}

function stillBusy() {
  return busy(
    'Another request with the same texts is being accepted. Nothing of this one was stored; send it again.',
    1,
  );
}
