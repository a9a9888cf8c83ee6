import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../common/canonical-json.js';
import { Clock } from '../common/clock.js';
import { ApiError, busy } from '../common/errors.js';
import { checkIdempotencyKey, keyReused } from '../common/idempotency-key.js';
import type { TenantId } from '../common/tenant-id.js';
import { idempotencyId } from '../counters/counter-ids.js';
import { IdempotencyRepository, type IdempotencyDoc } from '../counters/idempotency.repository.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { DeadRequests } from './dead-requests.js';
import { GatewayHeartbeatWorker } from './gateway-heartbeat.worker.js';
import type { RequestDoc } from './request.js';
import { RequestsRepository } from './requests.repository.js';

export const KEEP_MILLIS = DAY_MILLIS;
const TRIES = 5;

/** The same Idempotency-Key with the same body is one request, however often and however parallel it is sent. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly requests: RequestsRepository,
    private readonly dead: DeadRequests,
    private readonly heartbeat: GatewayHeartbeatWorker,
    private readonly clock: Clock,
  ) {}

  /** Requests that this gateway is at work on under a key. */
  private readonly running = new Set<string>();

  /**
   * Answers the request that the key stands for already, or null when `requestId` may go on under it, until `ended` is told.
   * @throws ApiError 409 when the key was used with another body, or its request is still on its way.
   */
  async claim(
    tenant: TenantId,
    principalId: string,
    key: string,
    body: unknown,
    requestId: string,
    keepMillis = KEEP_MILLIS,
  ): Promise<RequestDoc | null> {
    checkIdempotencyKey(key);
    // Before the key is taken: who meets it must not think that nobody is at work on it.
    this.running.add(requestId);
    let mayGoOn = false;
    try {
      const first = await this.take(this.document(tenant, principalId, key, body, requestId, keepMillis));
      mayGoOn = first === null;
      return first;
    } finally {
      if (!mayGoOn) this.ended(requestId);
    }
  }

  private async take(mine: IdempotencyDoc): Promise<RequestDoc | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (await this.keys.take(mine)) return null;
      const seen = await this.keys.get(mine._id);
      if (!seen) continue;
      // The store removes what is over in its own time, which may be later.
      if (seen.purge_at <= mine.at) {
        if (await this.keys.takeOver(seen, mine)) return null;
        continue;
      }
      if (seen.body_hash !== mine.body_hash) {
        throw keyReused();
      }
      const request = await this.requests.byId(mine.tenant_id, seen.request_id);
      if (request && !request.tombstone) return request;
      if (!request && !(await this.isGivenUp(seen))) throw inFlight();
      if (!request) await this.dead.bury(mine.tenant_id, seen.request_id);
      else if (await this.keys.takeOver(seen, mine)) return null;
    }
    throw busy('The Idempotency-Key is fought over. Send the request again.', 1);
  }

  /** The request that the key stands for, whether it is committed already; null when none is and none is on its way. */
  async standsFor(
    tenant: TenantId,
    principalId: string,
    key: string,
  ): Promise<{ requestId: string; request: RequestDoc | null } | null> {
    const seen = await this.keys.get(idempotencyId(tenant, principalId, key));
    if (!seen) return null;
    const request = await this.requests.byId(tenant, seen.request_id);
    if (request?.tombstone || (!request && (await this.isGivenUp(seen)))) return null;
    return { requestId: seen.request_id, request };
  }

  /** The request came to an end, whatever it was. */
  ended(requestId: string): void {
    this.running.delete(requestId);
  }

  /** Nobody works on it any more: its gateway is silent, or it is this one and knows nothing of it, for the store had failed it. */
  private async isGivenUp({ at, gateway, request_id }: IdempotencyDoc): Promise<boolean> {
    if (this.dead.isDead(at)) return true;
    if (gateway === undefined) return false;
    return gateway === this.heartbeat.gateway ? !this.running.has(request_id) : this.heartbeat.isSilent(gateway);
  }

  async release(tenant: TenantId, principalId: string, key: string, requestId: string): Promise<void> {
    await this.keys.release(idempotencyId(tenant, principalId, key), requestId);
  }

  private document(
    tenant: TenantId,
    principalId: string,
    key: string,
    body: unknown,
    requestId: string,
    keepMillis: number,
  ): IdempotencyDoc {
    const now = this.clock.now();
    return {
      _id: idempotencyId(tenant, principalId, key),
      tenant_id: tenant,
      kind: 'idempotency',
      request_id: requestId,
      gateway: this.heartbeat.gateway,
      body_hash: createHash('sha256').update(canonicalJson(body)).digest('base64url'),
      at: now,
      purge_at: later(now, keepMillis),
    };
  }
}

function inFlight(): ApiError {
  const message = 'The request of this Idempotency-Key is still being accepted. Send it again in a moment.';
  return new ApiError(409, 'idempotency_in_flight', message, [], { 'retry-after': '1' });
}
