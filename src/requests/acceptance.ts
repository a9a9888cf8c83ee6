import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../common/clock.js';
import { busy } from '../common/errors.js';
import { DailyCountsRepository } from '../counters/daily-counts.repository.js';
import { DuplicateKeyError } from '../database/query.js';
import { utcDay } from '../domain/time.js';
import type { PreparedRequest } from './prepared-request.js';
import { overDailyLimit } from './daily-limit.js';
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
    private readonly limits: DailyCountsRepository,
    private readonly claims: FingerprintClaims,
    private readonly fingerprints: FingerprintsRepository,
    private readonly requests: RequestsRepository,
    private readonly expansion: Expansion,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers the committed request once all its messages are there.
   * @throws ApiError 429 over the daily limit, 503 when another request holds one of the texts for too long.
   */
  async accept(prepared: PreparedRequest): Promise<RequestDoc> {
    const deadline = performance.now() + PATIENCE_MILLIS;
    for (;;) {
      const counterId = await this.takeLimit(prepared);
      const claimed = await this.takeFingerprints(prepared, deadline);
      if (claimed.outcome === 'done') return this.commit(prepared, counterId, claimed);
      await this.undo(prepared, counterId, claimed.mine);
      if (claimed.outcome === 'busy' || performance.now() > deadline) throw stillBusy();
      await sleep(PAUSE_MILLIS);
    }
  }

  private async takeLimit({ tenant, clientId, dailyLimit, request }: PreparedRequest): Promise<string | null> {
    if (dailyLimit === null) return null;
    const now = this.clock.now();
    const day = utcDay(now);
    const n = request.recipients.length;
    if (await this.limits.take({ tenant, clientId, day, limit: dailyLimit, n, requestId: request._id, now }))
      return this.limits.counterId(clientId, day);
    throw overDailyLimit(dailyLimit, n, now);
  }

  private async takeFingerprints(prepared: PreparedRequest, deadline: number): Promise<Claimed> {
    if (prepared.duplicateMinutes === 0) return { mine: [], duplicates: new Set(), outcome: 'done' };
    const claimed = await this.claims.claim(prepared, deadline);
    return prepared.onPurpose ? { ...claimed, duplicates: new Set() } : claimed;
  }

  private async commit(prepared: PreparedRequest, counterId: string | null, claimed: Claimed): Promise<RequestDoc> {
    const request = decided(prepared, counterId, claimed.duplicates);
    try {
      await this.requests.insert(request);
    } catch (error) {
      // Anything but a taken id may have been written all the same: then recovery decides, and nothing is undone here.
      if (!(error instanceof DuplicateKeyError)) throw error;
      await this.undo(prepared, counterId, claimed.mine);
      throw stillBusy();
    }
    await this.expansion.expand(request);
    this.expansion.finishSoon(request);
    return request;
  }

  private async undo({ request }: PreparedRequest, counterId: string | null, mine: readonly string[]): Promise<void> {
    await this.fingerprints.release(request._id, mine);
    if (counterId) await this.limits.settle(counterId, request._id, request.recipients.length);
  }
}

function decided(prepared: PreparedRequest, counterId: string | null, duplicates: ReadonlySet<number>): RequestDoc {
  const { request, segments } = prepared;
  const recipients = request.recipients.map((recipient, i) =>
    duplicates.has(i) ? { ...recipient, duplicate: true as const } : recipient,
  );
  return {
    ...request,
    recipients,
    counter_id: counterId,
    total_created: recipients.length - duplicates.size,
    total_skipped: duplicates.size,
    total_segments: segments.reduce((sum, count, i) => (duplicates.has(i) ? sum : sum + count), 0),
  };
}

function stillBusy() {
  return busy(
    'Another request with the same texts is being accepted. Nothing of this one was stored; send it again.',
    1,
  );
}
