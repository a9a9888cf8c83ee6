import { Injectable, Logger } from '@nestjs/common';
import { PrincipalSource } from '../auth/principal-source.js';
import { Clock } from '../common/clock.js';
import { ApiError, conflict, invalidField } from '../common/errors.js';
import { StoreFailure } from '../common/store-failure.js';
import { DAY_MILLIS } from '../domain/time.js';
import { Parking } from '../parking/parking.js';
import { SUBMIT } from '../requests/sending-rights.js';
import type { PreparedRequest } from '../requests/prepared-request.js';
import { Preparation } from '../requests/preparation.js';
import type { CreateRequestDto } from '../requests/dto/create-request.dto.js';
import { RequestsService } from '../requests/requests.service.js';
import { TemplatesService } from '../templates/templates.service.js';
import type { AcceptedRequest, RequestDoc } from '../requests/request.js';
import { chunkKey, isOpen, type ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';

/** How long an import waits for a free daily limit at most; the keys of its chunks are kept longer. */
const OLDEST_MILLIS = 28 * DAY_MILLIS;
const KEEP_KEYS_MILLIS = 35 * DAY_MILLIS;
const AGAIN_MILLIS = 1000;
/** What nobody expected may be over in a moment; what comes this often at one chunk is parked. */
const TRIES = 5;

/**
 * Phase 2: one chunk becomes one ordinary request. Its Idempotency-Key is the import's id and the chunk's number, so a chunk is sent
 * once, even after a crash or when a second gateway submits it too.
 */
@Injectable()
export class Submission {
  private readonly logger = new Logger(Submission.name);
  /** Of imports whose chunk failed as nobody expected, how often. */
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly repository: ImportsRepository,
    private readonly requests: RequestsService,
    private readonly preparation: Preparation,
    private readonly templates: TemplatesService,
    private readonly principals: PrincipalSource,
    private readonly parking: Parking,
    private readonly clock: Clock,
  ) {
    parking.register({
      kind: 'import',
      sightOf: async ({ tenant_id, _id }) => {
        const due_at = (await repository.byId(tenant_id, _id))?.due_at;
        return due_at ? { due_at } : null;
      },
      hide: ({ tenant_id, _id }, { due_at }) => repository.hide(tenant_id, _id, due_at as Date),
      show: ({ tenant_id, _id, sight }) => repository.show(tenant_id, _id, sight['due_at'] as Date),
    });
  }

  async submitNext(doc: ImportDoc): Promise<void> {
    const chunk = await this.repository.chunk(doc.tenant_id, doc._id, doc.next_chunk);
    // Another gateway has sent it, or a caller canceled the import: the next turn reads its new status.
    if (!chunk) return this.lost(doc);
    const body = { ...doc.request, messages: chunk.messages };
    const key = chunkKey(doc, doc.next_chunk);
    try {
      const prepare = (requestId: string) => this.prepare(doc, body, requestId);
      const accepted = await this.requests.acceptOnce(doc.submitter, body, key, prepare, KEEP_KEYS_MILLIS);
      await this.count(doc, accepted);
    } catch (error) {
      await this.stop(doc, error);
      return;
    }
    this.failures.delete(doc._id);
    await this.repository.deleteChunk(doc.tenant_id, doc._id, doc.next_chunk);
  }

  /** Checks the chunk as if the caller sent it now. */
  private async prepare(doc: ImportDoc, body: CreateRequestDto, requestId: string): Promise<PreparedRequest> {
    // This check comes after the key was claimed: a cancellation looks at the key, so no chunk can be submitted behind it.
    if (!isOpen(await this.repository.byId(doc.tenant_id, doc._id)))
      throw conflict('import_over', 'The import was canceled.');
    const caller = await this.principals.stillMay(doc.submitter, SUBMIT);
    if (this.clock.now().getTime() - doc.created_at.getTime() > OLDEST_MILLIS)
      throw conflict(
        'import_too_old',
        'The import has waited for four weeks. Send the remaining lines as a new import.',
      );
    const n = body.messages!.length;
    if (caller.kind === 'client' && n > caller.dailyLimit)
      throw conflict(
        'daily_limit_too_low',
        `The key may send ${caller.dailyLimit} messages per day, but a chunk has ${n}.`,
      );
    const { template_id } = doc.request;
    if (template_id !== undefined) {
      const { version } = await this.templates.approved(caller.tenant, template_id);
      if (version !== doc.template_version)
        throw invalidField('template_id', 'The template was changed after the file was checked', 'template_changed');
    }
    const prepared = await this.preparation.prepare(caller, body, requestId);
    const { abroadLimit, destinations } = prepared;
    const abroad = destinations.filter((destination) => destination !== null).length;
    if (abroadLimit !== null && abroad > abroadLimit)
      throw conflict(
        'international_limit_too_low',
        `${abroadLimit} texts a day may go abroad (max_per_day_international), but a chunk has ${abroad}.`,
      );
    return prepared;
  }

  /** Counts each chunk once, even if the import has ended in the meantime. */
  async count(
    doc: Pick<ImportDoc, '_id' | 'tenant_id' | 'next_chunk' | 'chunks'>,
    accepted: Pick<AcceptedRequest, 'request_id' | 'total_created' | 'total_skipped'> &
      Pick<RequestDoc, 'total_opted_out'>,
  ): Promise<void> {
    const now = this.clock.now();
    const isLast = doc.next_chunk + 1 === doc.chunks;
    const counts = {
      $inc: {
        next_chunk: 1,
        total_created: accepted.total_created,
        total_skipped: accepted.total_skipped,
        total_opted_out: accepted.total_opted_out ?? 0,
      },
      $push: { request_ids: { $each: [accepted.request_id] } },
    };
    const state = isLast
      ? { $set: { status: 'done', reason: null, finished_at: now, updated_at: now }, $unset: { due_at: '' } as const }
      : { $set: { status: 'running', reason: null, due_at: now, updated_at: now } };
    const open = await this.repository.changeOpen(doc.tenant_id, doc._id, { ...counts, ...state }, doc.next_chunk);
    if (!open) await this.repository.count(doc.tenant_id, doc._id, doc.next_chunk, counts);
  }

  private async stop(doc: ImportDoc, error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) {
      this.logger.error({ err: error }, `a chunk of ${doc._id} failed`);
      if (!(error instanceof StoreFailure) && this.isLastTry(doc)) return this.parking.park('import', doc, error);
    }
    const { status, code, message, headers } = error instanceof ApiError ? error : unexpected();
    if (code === 'daily_limit' || code === 'international_limit') {
      await this.later(doc, Number(headers['retry-after']) * 1000, { status: 'waiting', reason: { code, message } });
    } else if (status >= 500 || code === 'idempotency_in_flight') {
      await this.later(doc, AGAIN_MILLIS, {});
    } else await this.fail(doc, { code, message });
  }

  private isLastTry({ _id }: ImportDoc): boolean {
    const failures = (this.failures.get(_id) ?? 0) + 1;
    this.failures.set(_id, failures);
    if (failures === TRIES) this.failures.delete(_id);
    return failures === TRIES;
  }

  private async later(doc: ImportDoc, millis: number, set: Partial<ImportDoc>): Promise<void> {
    const now = this.clock.now();
    const due_at = new Date(now.getTime() + millis);
    await this.repository.changeOpen(
      doc.tenant_id,
      doc._id,
      { $set: { ...set, due_at, updated_at: now } },
      doc.next_chunk,
    );
  }

  private async fail(doc: ImportDoc, reason: NonNullable<ImportDoc['reason']>): Promise<void> {
    const now = this.clock.now();
    const set = { status: 'failed', reason, finished_at: now, updated_at: now };
    const update = { $set: set, $unset: { due_at: '' } as const };
    if (await this.repository.changeOpen(doc.tenant_id, doc._id, update, doc.next_chunk))
      await this.repository.deleteChunks(doc.tenant_id, doc._id);
  }

  private async lost(seen: ImportDoc): Promise<void> {
    const doc = await this.repository.byId(seen.tenant_id, seen._id);
    if (doc?.next_chunk === seen.next_chunk && doc.due_at)
      await this.fail(seen, {
        code: 'chunk_lost',
        message: `The lines of chunk ${seen.next_chunk} no longer exist.`,
      });
  }
}

function unexpected(): Pick<ApiError, 'status' | 'code' | 'message' | 'headers'> {
  return { status: 500, code: 'internal_error', message: '', headers: {} };
}
