import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { Submitter } from '../messages/messages.service.js';
import { showImport, type ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';

@Injectable()
export class ImportsService {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async list(caller: Submitter, page: Page): Promise<List<ReturnType<typeof showImport>>> {
    const clientId = caller.kind === 'client' ? caller.id : undefined;
    const rows = await this.repository.list(caller.tenant, clientId, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, showImport);
  }

  async get(caller: Submitter, id: string) {
    return showImport(await this.mustSee(caller, id));
  }

  /** Stops what wasn't submitted yet. @throws ApiError 409 when nothing is left to stop. */
  async cancel(caller: Submitter, id: string) {
    const seen = await this.mustSee(caller, id);
    const now = this.clock.now();
    const set = { status: 'canceled', finished_at: now, updated_at: now };
    const update = { $set: set, $unset: { due_at: '' } as const };
    const canceled = await this.repository.changeOpen(caller.tenant, id, update);
    if (!canceled) throw conflict('import_over', `The import is over (${seen.status}). Cancel its requests instead.`);
    await this.repository.deleteChunks(caller.tenant, id);
    await this.audit.record(caller, 'CANCEL_IMPORT', { import_id: id, submitted: canceled.request_ids.length });
    return showImport(canceled);
  }

  private async mustSee(caller: Submitter, id: string): Promise<ImportDoc> {
    const doc = await this.repository.byId(caller.tenant, id);
    if (!doc || doc.status === 'staging') throw notFound('import', id);
    if (caller.kind === 'client' && doc.client_id !== caller.id)
      throw forbidden('This file was sent with another key.');
    return doc;
  }
}
