import { Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { Principal, User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { ListPeopleQuery } from './dto/list-people.query.js';
import { PersonDto } from './dto/person.dto.js';
import { PeopleService } from './people.service.js';
import { Person } from './person-answers.js';

const READ = { role: 'operator', scopes: ['notify:send'] } as const;
const WRITE = { role: 'admin', scopes: ['notify:send'] } as const;

@ApiTags('people')
@Controller('people')
@Allow({ role: 'admin' })
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Get()
  @Allow(READ)
  @ApiOperation({ summary: 'List people, newest first' })
  @Answers(PageOf(Person))
  list(@Caller() caller: Principal, @ValidQuery() query: ListPeopleQuery) {
    return this.people.list(caller, query, query);
  }

  @Post()
  @Allow(WRITE)
  @ApiOperation({ summary: 'Add somebody who is told things; they need no account' })
  @Answers(Person)
  create(@Caller() caller: Principal, @ValidBody() body: PersonDto) {
    return this.people.create(caller, body);
  }

  @Get(':id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show a person' })
  @Answers(Person)
  get(@Caller() caller: Principal, @ValidParams() { id }: IdParams) {
    return this.people.get(caller, id);
  }

  @Patch(':id')
  @Allow(WRITE)
  @ApiOperation({ summary: 'Change a person; client applications may add to `stopped`, not take from it' })
  @Answers(Person)
  change(@Caller() caller: Principal, @ValidParams() { id }: IdParams, @ValidBody() body: PersonDto) {
    return this.people.change(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a person, and what is kept of them; opt-outs of their number stay' })
  delete(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.people.delete(caller, id);
  }
}
