import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { IdParams } from '../common/dto/id-params.js';
import { Answers, Done, PageOf } from '../common/http/answers.js';
import { ValidParams, ValidQuery } from '../common/http/parameters.js';
import { ListParkedQuery } from './dto/list-parked.query.js';
import { ParkedRow } from './parked-answers.js';
import { ParkedRowsService } from './parked-rows.service.js';

@ApiTags('parked rows')
@Controller('admin/parked')
@Allow({ role: 'admin' })
export class ParkingController {
  constructor(private readonly rows: ParkedRowsService) {}

  @Get()
  @ApiOperation({ summary: 'List what a worker of the gateway could not get through with and left aside' })
  @Answers(PageOf(ParkedRow))
  list(@Caller() caller: User, @ValidQuery() query: ListParkedQuery) {
    return this.rows.list(caller, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let the worker try it again' })
  @Answers(Done)
  retry(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.rows.retry(caller, id);
  }
}
