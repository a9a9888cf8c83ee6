import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Readable } from 'node:stream';
import { AuditService } from '../audit/audit.service.js';
import type { Principal } from '../auth/principal.js';
import { csvStyle, stringifyOptions, type CsvStyle } from '../common/csv/csv-style.js';
import { escapeFormulas } from '../common/csv/formulas.js';
import { readZone } from '../common/read-zone.js';
import type { TenantId } from '../common/tenant-id.js';
import { ZonedTimes } from '../common/zoned-times.js';
import { UTC, type Zone } from '../domain/time.js';
import type { ExportOptOutsQuery } from './dto/export-opt-outs.query.js';
import type { OptOutDoc } from './opt-out.js';
import { OptOutsRepository } from './opt-outs.repository.js';

const PAGE = 500;
const COLUMNS = ['number', 'sender', 'source', 'reason', 'word', 'carrier', 'code', 'created_at'] as const;

/** All opt-outs of a tenant as CSV, oldest first. */
@Injectable()
export class OptOutExportService implements BeforeApplicationShutdown {
  private readonly running = new Set<Readable>();

  constructor(
    private readonly repository: OptOutsRepository,
    private readonly audit: AuditService,
  ) {}

  /** A page is read when the client has received the pages before it. */
  async export(caller: Principal, query: ExportOptOutsQuery): Promise<Readable> {
    const zone = query.tz === undefined ? UTC : readZone(query.tz);
    await this.audit.recordFirst(caller, 'EXPORT_OPT_OUTS', {});
    const stream = Readable.from(this.lines(caller.tenant, csvStyle(query), zone), { objectMode: false });
    this.running.add(stream);
    stream.once('close', () => this.running.delete(stream));
    return stream;
  }

  /** A gateway that stops doesn't wait for a slow client: the file is cut off, and the client can see that. */
  beforeApplicationShutdown(): void {
    for (const stream of this.running) stream.destroy(new Error('the gateway is stopping'));
  }

  private async *lines(tenant: TenantId, style: CsvStyle, zone: Zone): AsyncGenerator<string> {
    const options = stringifyOptions(style);
    yield style.mark + stringify([COLUMNS], options);
    let page: OptOutDoc[] = [];
    do {
      page = await this.repository.after(tenant, page.at(-1)?.opt_out_id, PAGE);
      const times = new ZonedTimes(zone);
      const rows = page.map((optOut) => cells(optOut, times, style.guardsDigits));
      if (page.length > 0) yield stringify(rows, options);
    } while (page.length === PAGE);
  }
}

function cells(optOut: OptOutDoc, times: ZonedTimes, guardsDigits: boolean): string[] {
  return COLUMNS.map((name) => {
    const value = optOut[name];
    return value instanceof Date ? times.text(value) : escapeFormulas(value ?? '', guardsDigits);
  });
}
