import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { User } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { OptionalBody } from '../../common/http/parameters.js';
import { ChtPhone } from './cht-answers.js';
import { ChtPhonesService } from './cht-phones.service.js';
import { NewPhoneDto } from '../dto/new-phone.dto.js';

@ApiTags('agents')
@Controller('admin/agents/cht')
@Allow({ role: 'admin' })
export class ChtPhonesController {
  constructor(private readonly phones: ChtPhonesService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Create a phone with the CHT Gateway app; answers once the address to enter in it' })
  @Answers(ChtPhone)
  create(@Caller() caller: User, @Req() request: FastifyRequest, @OptionalBody() body: NewPhoneDto) {
    return this.phones.create(caller, { label: body.label ?? null, group: body.group ?? null }, request);
  }
}
