import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Client, User } from '../auth/principal.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { Cancellation } from './cancellation.js';
import { actorOfId, showMessage, showMessageInFull, type MessageDoc, type ShownMessage } from './message.js';
import { MessagesRepository, type MessageFilter } from './messages.repository.js';

/** Who reads or cancels: a key sees its own messages, a user the tenant's. */
export type Submitter = Client | User;

@Injectable()
export class MessagesService {
  constructor(
    private readonly repository: MessagesRepository,
    private readonly cancellation: Cancellation,
    private readonly audit: AuditService,
  ) {}

  async list(caller: Submitter, filter: MessageFilter, page: Page): Promise<List<ShownMessage>> {
    const own = caller.kind === 'client' ? { ...filter, clientId: caller.id } : filter;
    return listOf(
      await this.repository.list(caller.tenant, own, page.limit, page.skip, cursorId(page)),
      page,
      showMessage,
    );
  }

  async get(caller: Submitter, id: string) {
    return showMessageInFull(await this.mustSee(caller, id));
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
    const outcome = await this.cancellation.cancel(caller.tenant, id, actorOfId(caller.id));
    if (!outcome) throw notFound('message', id);
    if (!outcome.canceled && outcome.message.status !== 'CANCELED') throw tooLate(outcome.message);
    if (outcome.canceled) await this.audit.record(caller, 'CANCEL_MESSAGE', { message_id: id });
    return showMessageInFull(outcome.message);
  }
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
