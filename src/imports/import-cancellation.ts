import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import type { Submitter } from '../messages/messages.service.js';
import { Idempotency } from '../requests/idempotency.js';
import { RequestsService } from '../requests/requests.service.js';
import { chunkKey, type ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';
import { Submission } from './submission.js';

/** Longer than acceptance takes, including its wait for another request. */
const PATIENCE_MILLIS = 10_000;
const LOOK_AGAIN_MILLIS = 25;

/** Stops an import and, if asked, cancels messages that it has already submitted. */
@Injectable()
export class ImportCancellation {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly submission: Submission,
    private readonly idempotency: Idempotency,
    private readonly requests: RequestsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Stops the chunks that weren't submitted yet. Waits for the chunk that is being submitted, so that the answer names all requests.
   * `submittedToo`: also cancels messages of those requests that no phone is sending.
   * @throws ApiError 409 when there is nothing left to stop.
   */
  async cancel(
    caller: Submitter,
    seen: ImportDoc,
    submittedToo: boolean,
  ): Promise<{ doc: ImportDoc; canceled: number }> {
    const stopped = await this.stop(seen);
    if (!stopped && !submittedToo)
      throw conflict('import_over', `The import is over (${seen.status}). Cancel its requests instead.`);
    const doc = (await this.repository.byId(seen.tenant_id, seen._id)) ?? stopped ?? seen;
    if (stopped)
      await this.audit.record(caller, 'CANCEL_IMPORT', { import_id: doc._id, submitted: doc.request_ids.length });
    let canceled = 0;
    for (const id of submittedToo ? doc.request_ids : []) canceled += (await this.requests.cancel(caller, id)).canceled;
    return { doc, canceled };
  }

  private async stop({ tenant_id, _id }: ImportDoc): Promise<ImportDoc | null> {
    const now = this.clock.now();
    const set = { status: 'canceled', finished_at: now, updated_at: now };
    const stopped = await this.repository.changeOpen(tenant_id, _id, { $set: set, $unset: { due_at: '' } });
    if (!stopped) return null;
    await this.settleChunk(stopped);
    await this.repository.deleteChunks(tenant_id, _id);
    return stopped;
  }

  /** The chunk that was being submitted: here, in another gateway, or in a gateway that died before it counted the chunk. */
  private async settleChunk(doc: ImportDoc): Promise<void> {
    const deadline = performance.now() + PATIENCE_MILLIS;
    while (performance.now() < deadline) {
      const underWay = await this.idempotency.standsFor(doc.tenant_id, doc.client_id, chunkKey(doc, doc.next_chunk));
      if (!underWay) return;
      const { request } = underWay;
      if (request) return this.submission.count(doc, { ...request, request_id: request._id });
      await sleep(LOOK_AGAIN_MILLIS);
    }
  }
}
