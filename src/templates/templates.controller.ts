import { Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { Principal, User } from '../auth/principal.js';
import { OptionalBody, ValidBody, ValidQuery } from '../common/http/parameters.js';
import { Like, Strict } from '../common/schema.js';
import { Paging } from '../common/paging.js';
import { VariableValues } from '../common/variable-values.js';
import { TEXT_ENCODINGS } from '../domain/gsm7.js';
import { TemplatesService } from './templates.service.js';
import { Answers, Done, PageOf } from '../common/http/answers.js';
import { RenderedTemplate, Template } from './template-answers.js';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', title: 'must not be blank' });
const Content = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S', title: 'must not be blank' });
const Encoding = Type.Enum([...TEXT_ENCODINGS], {
  description: 'gsm7 transliterates what the GSM alphabet lacks, so that a segment holds 160 characters and not 70.',
});
const NewTemplate = Like(Strict({ name: Name, content: Content, encoding: Type.Optional(Encoding) }), {
  name: 'otp',
  content: 'Ma OTP {CODE}',
});
const TemplateChange = Like(
  Strict({
    name: Type.Optional(Name),
    content: Type.Optional(Content),
    encoding: Type.Optional(Encoding),
  }),
  { content: 'Ma OTP cua ban: {CODE}' },
);
const Approval = Strict({ version: Type.Optional(Type.Integer({ minimum: 1 })) });
const Preview = Like(Strict({ variables: Type.Optional(VariableValues) }), { variables: { CODE: '123456' } });
const TemplatesQuery = Strict({
  ...Paging,
  approved: Type.Enum(['1', '0', 'true', 'false', 'all'], {
    default: '1',
    description: 'Approved ones, unapproved ones or all.',
  }),
});

const READ = { role: 'viewer', scopes: ['sms:send', 'sms:read'] } as const;

@ApiTags('templates')
@Controller('templates')
@Allow({ role: 'admin' })
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @Allow(READ)
  @ApiOperation({ summary: 'List templates, newest first; approved ones unless asked otherwise' })
  @Answers(PageOf(Template))
  list(@Caller() caller: Principal, @ValidQuery(TemplatesQuery) query: Static<typeof TemplatesQuery>) {
    const approved = query.approved === 'all' ? null : query.approved === '1' || query.approved === 'true';
    return this.templates.list(caller, approved, query);
  }

  @Post()
  @ApiOperation({ summary: 'Create a template; it has to be approved before it can be sent' })
  @Answers(Template)
  create(@Caller() caller: User, @ValidBody(NewTemplate) body: Static<typeof NewTemplate>) {
    return this.templates.create(caller, body);
  }

  @Get(':id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show a template' })
  @Answers(Template)
  get(@Caller() caller: Principal, @Param('id') id: string) {
    return this.templates.get(caller, id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a template; a new content or encoding has to be approved again' })
  @Answers(Template)
  update(
    @Caller() caller: User,
    @Param('id') id: string,
    @ValidBody(TemplateChange) body: Static<typeof TemplateChange>,
  ) {
    return this.templates.update(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'Delete a template; requests that were accepted keep their texts' })
  @Answers(Done)
  async delete(@Caller() caller: User, @Param('id') id: string) {
    await this.templates.delete(caller, id);
    return { status: 'ok' };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approve a template; with `version`, only while it is the one you have read' })
  @Answers(Template)
  approve(@Caller() caller: User, @Param('id') id: string, @OptionalBody(Approval) body: Static<typeof Approval>) {
    return this.templates.approve(caller, id, body.version);
  }

  @Post(':id/preview')
  @HttpCode(200)
  @Allow(READ)
  @ApiOperation({ summary: 'Render a template without sending it, as it is and in the GSM alphabet' })
  @Answers(RenderedTemplate)
  preview(@Caller() caller: Principal, @Param('id') id: string, @ValidBody(Preview) body: Static<typeof Preview>) {
    return this.templates.preview(caller, id, body.variables ?? {});
  }
}
