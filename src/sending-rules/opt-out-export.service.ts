import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Readable } from 'node:stream';
import { AuditService } from '../audit/audit.service.js';
import type { Principal } from '../auth/principal.js';
import { escapeFormulas } from '../common/csv/formulas.js';
import type { TenantId } from '../common/tenant-id.js';
import type { OptOutDoc } from './opt-out.js';
import { OptOutsRepository } from './opt-outs.repository.js';

const PAGE = 500;
const COLUMNS = ['number', 'sender', 'source', 'reason', 'word', 'carrier', 'code', 'created_at'] as const;
const STYLE = { record_delimiter: 'windows', escape_formulas: true, quote_record_delimiter: true } as const;

/** All opt-outs of a tenant as CSV, oldest first. */
@Injectable()
export class OptOutExportService implements BeforeApplicationShutdown {
  private readonly running = new Set<Readable>();

  constructor(
    private readonly repository: OptOutsRepository,
    private readonly audit: AuditService,
  ) {}

  /** A page is read when the client has received the pages before it. */
  async export(caller: Principal): Promise<Readable> {
    await this.audit.recordFirst(caller, 'EXPORT_OPT_OUTS', {});
    const stream = Readable.from(this.lines(caller.tenant), { objectMode: false });
    this.running.add(stream);
    stream.once('close', () => this.running.delete(stream));
    return stream;
  }

  /** A gateway that stops doesn't wait for a slow client: the file is cut off, and the client can see that. */
  beforeApplicationShutdown(): void {
    for (const stream of this.running) stream.destroy(new Error('the gateway is stopping'));
  }

  private async *lines(tenant: TenantId): AsyncGenerator<string> {
    yield stringify([COLUMNS], STYLE);
    let page: OptOutDoc[] = [];
    do {
      page = await this.repository.after(tenant, page.at(-1)?.opt_out_id, PAGE);
      if (page.length > 0) yield stringify(page.map(cells), STYLE);
    } while (page.length === PAGE);
  }
}

function cells(optOut: OptOutDoc): string[] {
  return COLUMNS.map((name) => {
    const value = optOut[name];
    return value instanceof Date ? value.toISOString() : escapeFormulas(value ?? '');
  });
}
