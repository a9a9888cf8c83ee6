import { Controller, Delete, Get, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { CreateUserDto } from './dto/create-user.dto.js';
import { UpdateUserDto } from './dto/update-user.dto.js';
import { checkPasswordBytes } from './password-rules.js';
import { UsersService } from './users.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ShownUser } from './user-answers.js';

@ApiTags('users')
@Controller('admin/users')
@Allow({ role: 'admin' })
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @ApiOperation({ summary: 'Create a user' })
  @Answers(ShownUser)
  create(@Caller() caller: User, @ValidBody() body: CreateUserDto) {
    checkPasswordBytes(body.password, 'password');
    return this.users.create(caller, body);
  }

  @Get()
  @ApiOperation({ summary: 'List users, newest first' })
  @Answers(PageOf(ShownUser))
  list(@Caller() caller: User, @ValidQuery() page: PageQuery) {
    return this.users.list(caller, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a user' })
  @Answers(ShownUser)
  get(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.users.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a user; a new password and disabling end their tokens' })
  @Answers(ShownUser)
  update(
    @Caller() caller: User,
    @ValidParams() { id }: IdParams,
    @ValidBody() body: UpdateUserDto,
    @Req() request: FastifyRequest,
  ) {
    if (body.password !== undefined) checkPasswordBytes(body.password, 'password');
    return this.users.update(caller, id, body, request.ip);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user, and the person with whom they are told things' })
  delete(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.users.delete(caller, id);
  }
}
