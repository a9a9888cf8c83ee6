import { Controller, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { calledPath } from '../common/http/base-path.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { ValidParams, ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import { UploadedFile, type Upload } from '../common/http/uploads.js';
import type { Submitter } from '../messages/messages.service.js';
import { IDEMPOTENCY } from '../common/idempotency-key.js';
import { READ, SUBMIT } from '../requests/sending-rights.js';
import { CancelImportQuery } from './dto/cancel-import.query.js';
import { CanceledImport, Import, ImportTrial } from './import-answers.js';
import { ImportParameters } from './dto/import-parameters.js';
import type { DryRun } from './dry-run.js';
import { showImport, type ImportDoc } from './import.js';
import { IMPORT_BODY } from './import-body.js';
import { ImportsService } from './imports.service.js';
import { IntakeService } from './intake.service.js';

@ApiTags('imports')
@Controller('requests')
export class ImportsController {
  constructor(
    private readonly intake: IntakeService,
    private readonly imports: ImportsService,
  ) {}

  @Post('import')
  @Allow(SUBMIT)
  @Takes({ kinds: ['upload'] })
  @ApiOperation({
    summary: 'Send a CSV file with one line for each message; it is checked completely, then sent in the background',
    requestBody: IMPORT_BODY,
  })
  @ApiHeader(IDEMPOTENCY)
  @ApiAcceptedResponse()
  @Answers(Type.Union([Import, ImportTrial]), { also: 200 })
  async take(
    @Caller() caller: Submitter,
    @ValidQuery() query: ImportParameters,
    @UploadedFile() open: () => Promise<Upload>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers(IDEMPOTENCY.name) key?: string,
  ) {
    return answer(await this.intake.take(caller, query, open, key), request, reply);
  }

  @Get('imports')
  @Allow(READ)
  @ApiOperation({ summary: 'List imports, newest first; an API key sees its own, a user sees all of the tenant' })
  @Answers(PageOf(Import))
  list(@Caller() caller: Submitter, @ValidQuery() page: PageQuery) {
    return this.imports.list(caller, page);
  }

  @Get('import/:id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show the progress of an import, its bad lines and its requests' })
  @Answers(Import)
  get(@Caller() caller: Submitter, @ValidParams() { id }: IdParams) {
    return this.imports.get(caller, id);
  }

  @Post('import/:id/cancel')
  @HttpCode(200)
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Stop an import; lines that were not submitted yet are not sent' })
  @Answers(CanceledImport)
  cancel(@Caller() caller: Submitter, @ValidParams() { id }: IdParams, @ValidQuery() query: CancelImportQuery) {
    return this.imports.cancel(caller, id, query.cancel_submitted);
  }
}

/** 200 for a dry run, 202 for an import, which only begins here. */
function answer(taken: ImportDoc | DryRun, request: FastifyRequest, reply: FastifyReply) {
  reply.status('dry_run' in taken ? 200 : 202);
  if ('dry_run' in taken) return taken;
  reply.header('location', `${calledPath(request.originalUrl)}/${taken._id}`);
  return showImport(taken);
}
