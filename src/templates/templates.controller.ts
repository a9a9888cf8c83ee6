import { Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { Principal, User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { OptionalBody, ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { ApproveTemplateDto } from './dto/approve-template.dto.js';
import { CreateTemplateDto } from './dto/create-template.dto.js';
import { ListTemplatesQuery } from './dto/list-templates.query.js';
import { PreviewTemplateDto } from './dto/preview-template.dto.js';
import { UpdateTemplateDto } from './dto/update-template.dto.js';
import { TemplatesService } from './templates.service.js';
import { Answers, Done, PageOf } from '../common/http/answers.js';
import { RenderedTemplate, Template } from './template-answers.js';

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
  list(@Caller() caller: Principal, @ValidQuery() query: ListTemplatesQuery) {
    const approved = query.approved === 'all' ? null : query.approved === '1' || query.approved === 'true';
    return this.templates.list(caller, approved, query);
  }

  @Post()
  @ApiOperation({ summary: 'Create a template; it must be approved before it can be sent' })
  @Answers(Template)
  create(@Caller() caller: User, @ValidBody() body: CreateTemplateDto) {
    return this.templates.create(caller, body);
  }

  @Get(':id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show a template' })
  @Answers(Template)
  get(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.templates.get(caller, id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a template; new content or a new encoding must be approved again' })
  @Answers(Template)
  update(@Caller() caller: User, @ValidParams() { id }: IdParams, @ValidBody() body: UpdateTemplateDto) {
    return this.templates.update(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'Delete a template; requests that were accepted keep their texts' })
  @Answers(Done)
  async delete(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    await this.templates.delete(caller, id);
    return { status: 'ok' };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approve a template; with `version`, only if the template still has that version' })
  @Answers(Template)
  approve(@Caller() caller: User, @ValidParams() { id }: IdParams, @OptionalBody() body: ApproveTemplateDto) {
    return this.templates.approve(caller, id, body.version);
  }

  @Post(':id/preview')
  @HttpCode(200)
  @Allow(READ)
  @ApiOperation({ summary: 'Render a template without sending it, as written and in the GSM alphabet' })
  @Answers(RenderedTemplate)
  preview(@Caller() caller: Principal, @ValidParams() { id }: IdParams, @ValidBody() body: PreviewTemplateDto) {
    return this.templates.preview(caller, id, body.variables ?? {});
  }
}
