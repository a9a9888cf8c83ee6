import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Client, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import type { List, Page } from '../common/paging.js';
import { actorOf } from '../domain/actor.js';
import { parseRoute } from '../domain/route.js';
import { RouteTargets } from '../routing/targets.js';
import { Cancellation } from './cancellation.js';
import { showMessage, showMessageInFull, type MessageDoc, type Postponement, type ShownMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';
import { readCursor, writeCursor } from './search/cursor.js';
import type { SearchMessagesQuery } from './dto/search-messages.query.js';
import { SearchQuery } from './search/search-query.js';
import { planSearch } from './search/plan.js';
import type { SearchTerms } from './search/search-terms.js';
import { MessageSearch, type Total } from './search/message-search.js';

/** Who reads or cancels: a key sees its own messages, a user the tenant's. */
export type Submitter = Client | User;

@Injectable()
export class MessagesService {
  constructor(
    private readonly repository: MessagesRepository,
    private readonly terms: SearchQuery,
    private readonly found: MessageSearch,
    private readonly cancellation: Cancellation,
    private readonly targets: RouteTargets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** As a query string says it. @throws ApiError 400 that names the parameter. */
  async search(caller: Submitter, query: SearchMessagesQuery): Promise<List<ShownMessage> & Partial<Total>> {
    return this.list(caller, await this.terms.read(caller.tenant, query), query, query.with_total);
  }

  /** `withTotal`: counted too, as far as MessageSearch counts. @throws ApiError 400 where no index is for the search. */
  async list(
    caller: Submitter,
    search: SearchTerms,
    page: Page,
    withTotal = false,
  ): Promise<List<ShownMessage> & Partial<Total>> {
    const own = ownOf(caller, search);
    if (!own) return { items: [], count: 0, ...(withTotal ? { total: 0 } : {}) };
    const plan = planSearch(own);
    const { messages, next } = await this.found.page(caller.tenant, plan, page, readCursor(page, plan));
    return {
      items: messages.map(showMessage),
      count: messages.length,
      ...(next ? { next: writeCursor(next) } : {}),
      ...(withTotal ? await this.found.total(caller.tenant, plan) : {}),
    };
  }

  async get(caller: Submitter, id: string) {
    const message = await this.mustSee(caller, id);
    const waiting = message.waiting ?? (await this.holdOf(message));
    return showMessageInFull(waiting ? { ...message, waiting } : message);
  }

  /** Why a message that is due isn't sent: nothing leaves by its route for a while. */
  private async holdOf({ tenant_id, status, ready, route }: MessageDoc): Promise<Postponement | null> {
    if (!ready || (status !== 'PENDING' && status !== 'ASSIGNED')) return null;
    const parsed = parseRoute(route);
    const hold = parsed?.kind === 'carrier' ? (await this.targets.find(tenant_id, parsed))?.hold : null;
    return hold && hold.until > this.clock.now() ? { until: hold.until, code: hold.code, reason: hold.reason } : null;
  }

  /** @throws ApiError 404, 403 for another key's, 409 when it is too late. */
  async mustSee(caller: Submitter, id: string): Promise<MessageDoc> {
    const message = await this.repository.byId(caller.tenant, id);
    if (!message) throw notFound('message', id);
    if (caller.kind === 'client' && message.client_id !== caller.id)
      throw forbidden('This message was sent with another key.');
    return message;
  }

  async cancel(caller: Submitter, id: string) {
    await this.mustSee(caller, id);
    const outcome = await this.cancellation.cancel(caller.tenant, id, actorOf(caller));
    if (!outcome) throw notFound('message', id);
    const { canceled, recalled } = outcome;
    if (!canceled && !recalled && outcome.message.status !== 'CANCELED') throw tooLate(outcome.message);
    if (canceled || recalled) await this.audit.record(caller, 'CANCEL_MESSAGE', { message_id: id });
    return showMessageInFull(outcome.message);
  }
}

/** What the caller may see of the search; null: nothing, since a key asks for another's. */
export function ownOf(caller: Submitter, search: SearchTerms): SearchTerms | null {
  if (caller.kind === 'user') return search;
  if (search.client_id !== undefined && search.client_id !== caller.id) return null;
  return { ...search, client_id: caller.id };
}

function tooLate(message: MessageDoc) {
  const reason =
    message.status === 'ASSIGNED'
      ? 'a phone holds it; try again when its lease has run out'
      : `it is ${message.status}`;
  return conflict('not_cancelable', `The message can not be canceled: ${reason}.`, [
    { field: 'status', message: message.status },
  ]);
}
