import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import { ROLES, type User } from '../auth/principal.js';
import { ValidBody, ValidQuery } from '../common/http/parameters.js';
import { Paging, type Page } from '../common/paging.js';
import { Like, Nullable, Strict } from '../common/schema.js';
import { checkPasswordBytes, NewPassword } from './password-rules.js';
import { UsersService } from './users.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ShownUser } from './user-answers.js';

const RoleName = Type.Enum([...ROLES]);
const Contact = {
  email: Type.Optional(
    Nullable(
      Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', maxLength: 254, title: 'must be an e-mail address' }),
    ),
  ),
  phone: Type.Optional(
    Nullable(Type.String({ pattern: '^\\+[1-9]\\d{5,14}$', title: 'must be a number such as +84901234567' })),
  ),
};
const NewUser = Like(
  Strict({
    username: Type.String({
      pattern: '^[^\\s:]{1,100}$',
      title: 'must have 1 to 100 characters and no space or colon',
    }),
    password: NewPassword,
    role: RoleName,
    ...Contact,
  }),
  { username: 'an', password: 'correct-horse-battery', role: 'operator', email: 'an@example.com' },
);
const UserChange = Like(
  Strict({
    password: Type.Optional(NewPassword),
    current_password: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1000, description: 'Needed for a new password of your own account.' }),
    ),
    role: Type.Optional(RoleName),
    is_active: Type.Optional(Type.Boolean()),
    ...Contact,
  }),
  { role: 'viewer' },
);

@ApiTags('users')
@Controller('admin/users')
@Allow({ role: 'admin' })
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @ApiOperation({ summary: 'Create a user' })
  @Answers(ShownUser)
  create(@Caller() caller: User, @ValidBody(NewUser) body: Static<typeof NewUser>) {
    checkPasswordBytes(body.password, 'password');
    return this.users.create(caller, body);
  }

  @Get()
  @ApiOperation({ summary: 'List users, newest first' })
  @Answers(PageOf(ShownUser))
  list(@Caller() caller: User, @ValidQuery(Strict(Paging)) page: Page) {
    return this.users.list(caller, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a user' })
  @Answers(ShownUser)
  get(@Caller() caller: User, @Param('id') id: string) {
    return this.users.get(caller, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a user; a new password and disabling end their tokens' })
  @Answers(ShownUser)
  update(
    @Caller() caller: User,
    @Param('id') id: string,
    @ValidBody(UserChange) body: Static<typeof UserChange>,
    @Req() request: FastifyRequest,
  ) {
    if (body.password !== undefined) checkPasswordBytes(body.password, 'password');
    return this.users.update(caller, id, body, request.ip);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user' })
  delete(@Caller() caller: User, @Param('id') id: string) {
    return this.users.delete(caller, id);
  }
}
