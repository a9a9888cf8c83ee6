import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { notFound } from '../../common/errors.js';
import { idMaker } from '../../common/ids.js';
import { cursorId, listOf, type Page } from '../../common/paging.js';
import type { TenantId } from '../../common/tenant-id.js';
import { showClient } from './client.js';
import { ClientsRepository } from './clients.repository.js';

/** Whom SMS were sent to, as the source system kept them. */
@Injectable()
export class ClientsService {
  private readonly nextId: () => string;

  constructor(
    private readonly repository: ClientsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('cli', () => clock.now());
  }

  /** Keeps the number where it is new, and which message is the last to it. */
  async wasSent(tenant: TenantId, contact: string, messageId: string): Promise<void> {
    const now = this.clock.now();
    const last = { last_message_id: messageId, last_message_at: now };
    const another = { $set: last, $inc: { messages: 1 } };
    if (await this.repository.change(tenant, contact, another)) return;
    const client = { _id: this.nextId(), tenant_id: tenant, contact, messages: 1, ...last, created_at: now };
    // Of two first messages at once, one makes the row.
    if (!(await this.repository.insertNew(client))) await this.repository.change(tenant, contact, another);
  }

  async list(tenant: TenantId, page: Page) {
    return listOf(await this.repository.list(tenant, page.limit, page.skip, cursorId(page)), page, showClient);
  }

  /** @throws ApiError 404 */
  async delete(caller: Principal, id: string) {
    if (!(await this.repository.delete(caller.tenant, id))) throw notFound('client', id);
    await this.audit.record(caller, 'DELETE_CLIENT', { client_id: id });
    return { status: 'ok' as const };
  }
}
