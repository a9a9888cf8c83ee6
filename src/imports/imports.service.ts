import { Injectable } from '@nestjs/common';
import { forbidden, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { Submitter } from '../messages/messages.service.js';
import { ImportCancellation } from './import-cancellation.js';
import { showImport, type ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';

@Injectable()
export class ImportsService {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly cancellation: ImportCancellation,
  ) {}

  async list(caller: Submitter, page: Page): Promise<List<ReturnType<typeof showImport>>> {
    const clientId = caller.kind === 'client' ? caller.id : undefined;
    const rows = await this.repository.list(caller.tenant, clientId, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, showImport);
  }

  async get(caller: Submitter, id: string) {
    return showImport(await this.mustSee(caller, id));
  }

  async cancel(caller: Submitter, id: string, submittedToo: boolean) {
    const { doc, canceled } = await this.cancellation.cancel(caller, await this.mustSee(caller, id), submittedToo);
    return { ...showImport(doc), ...(submittedToo ? { canceled } : {}) };
  }

  private async mustSee(caller: Submitter, id: string): Promise<ImportDoc> {
    const doc = await this.repository.byId(caller.tenant, id);
    if (!doc || doc.status === 'staging') throw notFound('import', id);
    if (caller.kind === 'client' && doc.client_id !== caller.id)
      throw forbidden('This import was sent with another API key.');
    return doc;
  }
}
