import { Controller, Get, Headers, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Type } from 'typebox';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import { csvStyle } from '../common/csv/csv-style.js';
import { Answers } from '../common/http/answers.js';
import { ValidQuery } from '../common/http/parameters.js';
import { readZone } from '../common/read-zone.js';
import { UTC, type Zone } from '../domain/time.js';
import type { Submitter } from '../messages/messages.service.js';
import { SettingsService } from '../tenants/settings.service.js';
import { CsvExportQuery, ExportQuery } from './dto/export.query.js';
import { readColumns, type NamedColumn } from './export-columns.js';
import { csv, ndjson, type ExportFormat } from './export-formats.js';
import { readExportSearch } from './export-search.js';
import { ExportService } from './export.service.js';

@ApiTags('reports')
@Controller('reports')
@Allow({ role: 'viewer', scopes: ['sms:read'] })
export class ExportController {
  constructor(
    private readonly exports: ExportService,
    private readonly settings: SettingsService,
  ) {}

  @Get('export.csv')
  @ApiOperation({
    summary: 'Export messages as CSV, oldest first; an API key gets its own, a user gets all of the tenant',
  })
  @Answers(Type.String({ examples: ["message_id,to\r\nmsg_01jd2m0q8nfgt1vwzzk4x6s5ah0000,'+84901234567\r\n"] }), {
    type: 'text/csv',
  })
  csv(
    @Caller() caller: Submitter,
    @ValidQuery() query: CsvExportQuery,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const columns = readColumns(query.columns, query.preset === 'excel');
    const zone = zoneOfTimes(query);
    return this.send(caller, query, columns, csv(columns, csvStyle(query), zone), accepted, reply);
  }

  @Get('export.ndjson')
  @ApiOperation({ summary: 'Export messages as one JSON object per line, oldest first' })
  @Answers(Type.String({ examples: ['{"message_id":"msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000","to":"+84901234567"}\n'] }), {
    type: 'application/x-ndjson',
  })
  ndjson(
    @Caller() caller: Submitter,
    @ValidQuery() query: ExportQuery,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const columns = readColumns(query.columns);
    return this.send(caller, query, columns, ndjson(columns, zoneOfTimes(query)), accepted, reply);
  }

  private async send(
    caller: Submitter,
    query: ExportQuery,
    columns: readonly NamedColumn[],
    format: ExportFormat,
    accepted: string | undefined,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const zone = query.tz === undefined ? await this.settings.zone(caller.tenant) : zoneOfTimes(query);
    const search = readExportSearch(query, zone);
    const text = await this.exports.export(caller, search, columns, format);
    // The headers are sent before the first page is read, so that the caller knows at once that the export has begun.
    reply.raw.once('pipe', () => reply.raw.flushHeaders());
    void reply
      .header('content-type', format.type)
      .header('content-disposition', `attachment; filename=${format.filename}`)
      .header('cache-control', 'no-store')
      .header('vary', 'accept-encoding');
    if (!(query.gzip ?? acceptsGzip(accepted))) return new StreamableFile(text);
    void reply.header('content-encoding', 'gzip');
    // An error of one stream destroys the other, and so the connection: a file that is cut off never looks complete.
    return new StreamableFile(pipeline(text, createGzip({ level: 3 }), () => undefined));
  }
}

/** The times that are written are of UTC, whatever the tenant's own zone is, unless the caller wants another. */
function zoneOfTimes({ tz }: ExportQuery): Zone {
  return tz === undefined ? UTC : readZone(tz);
}

function acceptsGzip(header = ''): boolean {
  return header.split(',').some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one));
}
