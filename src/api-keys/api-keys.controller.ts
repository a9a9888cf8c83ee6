import { Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { invalidField } from '../common/errors.js';
import { parseTimestamp } from '../domain/time.js';
import { ApiKeysService } from './api-keys.service.js';
import { CreateApiKeyDto, type ApiKeyOptionsDto } from './dto/create-api-key.dto.js';
import { UpdateApiKeyDto } from './dto/update-api-key.dto.js';
import { Answers, Done, PageOf } from '../common/http/answers.js';
import { ApiKey, NewlyMadeApiKey } from './api-key-answers.js';

@ApiTags('api keys')
@Controller('admin/api-keys')
@Allow({ role: 'admin' })
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ApiOperation({ summary: 'Create an API key; `plain_key` is shown only once' })
  @Answers(NewlyMadeApiKey)
  create(@Caller() caller: User, @ValidBody() body: CreateApiKeyDto) {
    return this.keys.create(caller, readFields(body));
  }

  @Get()
  @ApiOperation({ summary: 'List API keys, newest first' })
  @Answers(PageOf(ApiKey))
  list(@Caller() caller: User, @ValidQuery() page: PageQuery) {
    return this.keys.list(caller, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show an API key' })
  @Answers(ApiKey)
  get(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.keys.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change an API key' })
  @Answers(ApiKey)
  update(@Caller() caller: User, @ValidParams() { id }: IdParams, @ValidBody() body: UpdateApiKeyDto) {
    return this.keys.update(caller, id, readFields(body));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @ApiOperation({ summary: 'Disable an API key at once' })
  @Answers(Done)
  async disable(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    await this.keys.disable(caller, id);
    return { status: 'ok' };
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give the key a new secret; the old one stops working at once' })
  @Answers(NewlyMadeApiKey)
  rotate(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.keys.rotate(caller, id);
  }
}

/** `rate_limit` is an older name of `rate_limit_per_day`, used when that is absent; a null is not absent. */
function readFields<T extends ApiKeyOptionsDto>(body: T) {
  const { rate_limit, rate_limit_per_day = rate_limit, expires_at, ...fields } = body;
  return { ...fields, rate_limit_per_day, expires_at: readExpiry(expires_at) };
}

function readExpiry(text: string | null | undefined): Date | null | undefined {
  if (text === undefined || text === null) return text;
  const at = parseTimestamp(text);
  if (!at) throw invalidField('expires_at', 'must be a date such as 2027-01-31T00:00:00Z');
  return at;
}
