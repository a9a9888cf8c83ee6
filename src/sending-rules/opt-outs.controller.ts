import { Controller, Delete, Get, HttpCode, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { Principal, User } from '../auth/principal.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { UploadedFile, type Upload } from '../common/http/uploads.js';
import { AddOptOutDto } from './dto/add-opt-out.dto.js';
import { ExportOptOutsQuery } from './dto/export-opt-outs.query.js';
import { ListOptOutsQuery } from './dto/list-opt-outs.query.js';
import { NumberParams } from './dto/number-params.js';
import { RemoveOptOutQuery } from './dto/remove-opt-out.query.js';
import { ImportedOptOuts, OptOut, RemovedOptOuts } from './opt-out-answers.js';
import { OptOutExportService } from './opt-out-export.service.js';
import { OptOutImportService } from './opt-out-import.service.js';
import { OPT_OUT_FILE } from './opt-out-file.js';
import { OptOutsService } from './opt-outs.service.js';

const READ = { role: 'viewer', scopes: ['sms:read'] } as const;

/** Whoever may send may also say that somebody wants no more texts; only an administrator may say the opposite. */
@ApiTags('opt-outs')
@Controller('opt-outs')
@Allow({ role: 'admin' })
export class OptOutsController {
  constructor(
    private readonly optOuts: OptOutsService,
    private readonly imports: OptOutImportService,
    private readonly exports: OptOutExportService,
  ) {}

  @Get()
  @Allow(READ)
  @ApiOperation({ summary: 'List who wants no more texts, newest first' })
  @Answers(PageOf(OptOut))
  list(@Caller() caller: Principal, @ValidQuery() query: ListOptOutsQuery) {
    return this.optOuts.list(caller, query, query);
  }

  @Post()
  @Allow({ role: 'operator', scopes: ['sms:send', 'sms:send_text'] })
  @ApiOperation({ summary: 'Add an opt-out; 200 if it is there already' })
  @Answers(OptOut, { also: 200 })
  async add(
    @Caller() caller: Principal,
    @ValidBody() body: AddOptOutDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { isNew, optOut } = await this.optOuts.add(caller, body);
    void reply.status(isNew ? 201 : 200);
    return optOut;
  }

  @Post('import')
  @HttpCode(200)
  @Takes({ kinds: ['upload'] })
  @ApiOperation({
    summary:
      'Add the opt-outs of a CSV file with the column number, and perhaps sender and reason: all of them or none',
    requestBody: OPT_OUT_FILE,
  })
  @Answers(ImportedOptOuts)
  import(@Caller() caller: User, @UploadedFile() open: () => Promise<Upload>) {
    return this.imports.take(caller, open);
  }

  @Get('export.csv')
  @Allow(READ)
  @ApiOperation({ summary: 'Export all opt-outs as CSV, oldest first; the import takes the same file' })
  @Answers(Type.String({ examples: ["number,sender,source\r\n'+84901234567,,keyword\r\n"] }), { type: 'text/csv' })
  async export(
    @Caller() caller: Principal,
    @ValidQuery() query: ExportOptOutsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const lines = await this.exports.export(caller, query);
    void reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', 'attachment; filename=opt-outs.csv')
      .header('cache-control', 'no-store');
    return new StreamableFile(lines);
  }

  @Delete(':number')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Remove the opt-outs of a number; at a carrier, only the recipient can take back their own',
  })
  @Answers(RemovedOptOuts)
  remove(@Caller() caller: User, @ValidParams() { number }: NumberParams, @ValidQuery() query: RemoveOptOutQuery) {
    return this.optOuts.remove(caller, number, query.sender);
  }
}
