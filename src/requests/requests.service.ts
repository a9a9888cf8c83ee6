import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { ApiError, forbidden, notFound } from '../common/errors.js';
import { idMaker } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { DailyCountsRepository } from '../counters/daily-counts.repository.js';
import { actorOf } from '../domain/actor.js';
import { dayOf } from '../domain/time.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Cancellation } from '../messages/cancellation.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { Submitter } from '../messages/messages.service.js';
import { Acceptance } from './acceptance.js';
import type { PreparedRequest } from './prepared-request.js';
import { overDailyLimit } from './daily-limit.js';
import { Expansion } from './expansion.js';
import { Idempotency } from './idempotency.js';
import { Preparation } from './preparation.js';
import type { CreateRequestDto } from './dto/create-request.dto.js';
import { showAccepted, showRequest, type RequestDoc } from './request.js';
import { RequestsRepository } from './requests.repository.js';

@Injectable()
export class RequestsService {
  private readonly nextId: () => string;

  constructor(
    private readonly preparation: Preparation,
    private readonly acceptance: Acceptance,
    private readonly idempotency: Idempotency,
    private readonly expansion: Expansion,
    private readonly repository: RequestsRepository,
    private readonly messages: MessagesRepository,
    private readonly cancellation: Cancellation,
    private readonly audit: AuditService,
    private readonly limits: DailyCountsRepository,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('req', () => clock.now());
  }

  /** Accepts a request whole or refuses it whole. */
  submit(caller: Submitter, body: CreateRequestDto, idempotencyKey: string | undefined) {
    return this.acceptOnce(caller, body, idempotencyKey, (requestId) =>
      this.preparation.prepare(caller, body, requestId),
    );
  }

  /** @throws ApiError 429 when `n` messages are more than is left of the caller's day. Nothing is taken. */
  async checkDay(caller: Submitter, n: number): Promise<void> {
    if (caller.kind !== 'client') return;
    const now = this.clock.now();
    const zone = await this.settings.zone(caller.tenant);
    const used = await this.limits.used(caller.tenant, caller.id, dayOf(now, zone));
    if (used + n > caller.dailyLimit) throw overDailyLimit(caller.dailyLimit, n, now, zone);
  }

  /**
   * Accepts what `prepare` reads under the id it is given, unless the key stands for a request already: then its first answer is
   * given again, whatever has changed since.
   */
  async acceptOnce(
    caller: Submitter,
    body: unknown,
    key: string | undefined,
    prepare: (requestId: string) => Promise<PreparedRequest>,
    keepKeyMillis?: number,
  ) {
    const requestId = this.nextId();
    if (key === undefined) return showAccepted(await this.accept(caller, await prepare(requestId)));
    const first = await this.idempotency.claim(caller.tenant, caller.id, key, body, requestId, keepKeyMillis);
    if (first) {
      if (!first.expanded) await this.expansion.expand(first);
      return showAccepted(first);
    }
    try {
      return showAccepted(await this.accept(caller, await prepare(requestId)));
    } catch (error) {
      if (error instanceof ApiError) await this.idempotency.release(caller.tenant, caller.id, key, requestId);
      throw error;
    } finally {
      this.idempotency.ended(requestId);
    }
  }

  async list(caller: Submitter, page: Page): Promise<List<ReturnType<typeof showRequest>>> {
    const clientId = caller.kind === 'client' ? caller.id : undefined;
    return listOf(
      await this.repository.list(caller.tenant, clientId, page.limit, page.skip, cursorId(page)),
      page,
      showRequest,
    );
  }

  async get(caller: Submitter, id: string) {
    const request = await this.mustSee(caller, id);
    return { ...showRequest(request), status_counts: await this.messages.countByStatus(caller.tenant, id) };
  }

  /** Cancels what nobody is sending; answers what it came to. */
  async cancel(caller: Submitter, id: string) {
    const request = await this.mustSee(caller, id);
    if (!request.expanded) await this.expansion.expand(request);
    const canceled = await this.cancellation.cancelRequest(caller.tenant, id, actorOf(caller));
    await this.audit.record(caller, 'CANCEL_SMS_REQUEST', { request_id: id, canceled });
    return { request_id: id, canceled, status_counts: await this.messages.countByStatus(caller.tenant, id) };
  }

  private async accept(caller: Submitter, prepared: PreparedRequest): Promise<RequestDoc> {
    const request = await this.acceptance.accept(prepared);
    this.audit.recordSoon(caller, 'CREATE_SMS_REQUEST', {
      request_id: request._id,
      template_id: request.template_id,
      total_created: request.total_created,
      total_skipped: request.total_skipped,
      total_opted_out: request.total_opted_out ?? 0,
    });
    return request;
  }

  private async mustSee(caller: Submitter, id: string): Promise<RequestDoc> {
    const request = await this.repository.byId(caller.tenant, id);
    if (!request || request.tombstone) throw notFound('request', id);
    if (caller.kind === 'client' && request.client_id !== caller.id)
      throw forbidden('This request was sent with another key.');
    return request;
  }
}
