import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { OptionalBody, ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import type { Submitter } from '../messages/messages.service.js';
import { IDEMPOTENCY } from '../common/idempotency-key.js';
import { READ, SUBMIT } from './sending-rights.js';
import { CreateRequestDto } from './dto/create-request.dto.js';
import { ResendMessageDto } from './dto/resend-message.dto.js';
import { RequestsService } from './requests.service.js';
import { ResendService } from './resend.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { AcceptedRequest, CanceledRequest, Request, RequestInFull } from './request-answers.js';

@ApiTags('requests')
@Controller()
export class RequestsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly resends: ResendService,
  ) {}

  @Post('requests')
  @Allow(SUBMIT)
  // Up to 5,000 recipients; the request's document is capped at the same size.
  @Takes({ atMost: '8 MiB' })
  @ApiOperation({ summary: 'Send a template or a text to 1 to 5,000 numbers: accepted whole or not at all' })
  @Answers(AcceptedRequest)
  @ApiHeader(IDEMPOTENCY)
  submit(@Caller() caller: Submitter, @ValidBody() body: CreateRequestDto, @Headers(IDEMPOTENCY.name) key?: string) {
    return this.requests.submit(caller, body, key);
  }

  @Get('requests')
  @Allow(READ)
  @ApiOperation({ summary: 'List requests, newest first: a key its own, a user the tenant’s' })
  @Answers(PageOf(Request))
  list(@Caller() caller: Submitter, @ValidQuery() page: PageQuery) {
    return this.requests.list(caller, page);
  }

  @Get('requests/:id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show a request and how many of its messages have which status' })
  @Answers(RequestInFull)
  get(@Caller() caller: Submitter, @ValidParams() { id }: IdParams) {
    return this.requests.get(caller, id);
  }

  @Post('requests/:id/cancel')
  @HttpCode(200)
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Cancel every message of a request that nobody is sending' })
  @Answers(CanceledRequest)
  cancel(@Caller() caller: Submitter, @ValidParams() { id }: IdParams) {
    return this.requests.cancel(caller, id);
  }

  @Post('messages/:id/resend')
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Send a message again as a new one that names it' })
  @Answers(AcceptedRequest)
  @ApiHeader(IDEMPOTENCY)
  resend(
    @Caller() caller: Submitter,
    @ValidParams() { id }: IdParams,
    @OptionalBody() body: ResendMessageDto,
    @Headers(IDEMPOTENCY.name) key?: string,
  ) {
    return this.resends.resend(caller, id, body, key);
  }
}
