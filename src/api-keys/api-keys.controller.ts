import { Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { SCOPES, type User } from '../auth/principal.js';
import { ValidBody, ValidQuery } from '../common/http/parameters.js';
import { invalidField } from '../common/errors.js';
import { Paging, type Page } from '../common/paging.js';
import { Like, Nullable, Strict } from '../common/schema.js';
import { parseTimestamp } from '../domain/time.js';
import { ApiKeysService } from './api-keys.service.js';
import { Answers, Done, PageOf } from '../common/http/answers.js';
import { ApiKey, NewlyMadeApiKey } from './api-key-answers.js';

const Limit = Type.Optional(
  Nullable(Type.Integer({ description: 'Messages per UTC day; 0, less or none: the default.' })),
);
const Fields = {
  client_name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', title: 'must not be blank' }),
  scopes: Type.Optional(Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: 20 })),
  rate_limit_per_day: Limit,
  rate_limit: Limit,
  expires_at: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
};
const NewApiKey = Like(Strict(Fields), {
  client_name: 'SafeShop',
  scopes: ['sms:send', 'sms:read'],
  rate_limit_per_day: 5000,
});
const ApiKeyChange = Like(
  Strict({
    ...Fields,
    client_name: Type.Optional(Fields.client_name),
    is_active: Type.Optional(Type.Boolean()),
  }),
  { rate_limit_per_day: 10_000 },
);

@ApiTags('api keys')
@Controller('admin/api-keys')
@Allow({ role: 'admin' })
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ApiOperation({ summary: 'Create an API key; `plain_key` is told this once' })
  @Answers(NewlyMadeApiKey)
  create(@Caller() caller: User, @ValidBody(NewApiKey) body: Static<typeof NewApiKey>) {
    return this.keys.create(caller, readFields(body));
  }

  @Get()
  @ApiOperation({ summary: 'List API keys, newest first' })
  @Answers(PageOf(ApiKey))
  list(@Caller() caller: User, @ValidQuery(Strict(Paging)) page: Page) {
    return this.keys.list(caller, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show an API key' })
  @Answers(ApiKey)
  get(@Caller() caller: User, @Param('id') id: string) {
    return this.keys.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change an API key' })
  @Answers(ApiKey)
  update(@Caller() caller: User, @Param('id') id: string, @ValidBody(ApiKeyChange) body: Static<typeof ApiKeyChange>) {
    return this.keys.update(caller, id, readFields(body));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @ApiOperation({ summary: 'Disable an API key at once' })
  @Answers(Done)
  async disable(@Caller() caller: User, @Param('id') id: string) {
    await this.keys.disable(caller, id);
    return { status: 'ok' };
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give the key a new secret; the old one dies at once' })
  @Answers(NewlyMadeApiKey)
  rotate(@Caller() caller: User, @Param('id') id: string) {
    return this.keys.rotate(caller, id);
  }
}

/** `rate_limit` is an older name of `rate_limit_per_day`. */
function readFields<
  T extends { rate_limit?: number | null; rate_limit_per_day?: number | null; expires_at?: string | null },
>(body: T) {
  const { rate_limit, expires_at, ...fields } = body;
  return { ...fields, rate_limit_per_day: fields.rate_limit_per_day ?? rate_limit, expires_at: readExpiry(expires_at) };
}

function readExpiry(text: string | null | undefined): Date | null | undefined {
  if (text === undefined || text === null) return text;
  const at = parseTimestamp(text);
  if (!at) throw invalidField('expires_at', 'must be a date such as 2027-01-31T00:00:00Z');
  return at;
}
