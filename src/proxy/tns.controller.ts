import { Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { Answers, Done } from '../common/http/answers.js';
import { ValidBody, ValidParams } from '../common/http/parameters.js';
import { ChangeTnDto } from './dto/change-tn.dto.js';
import { CreateTnDto } from './dto/create-tn.dto.js';
import { TnParams } from './dto/tn-params.js';
import { TnAnswer, TnList } from './tn-answers.js';
import { TnsService } from './tns.service.js';

@ApiTags('masked conversations')
@Controller('admin/tns')
@Allow({ role: 'admin' })
export class TnsController {
  constructor(private readonly tns: TnsService) {}

  @Get()
  @ApiOperation({ summary: 'List the numbers of the pool, with how many open sessions use each' })
  @Answers(TnList)
  list(@Caller() caller: User) {
    return this.tns.list(caller.tenant);
  }

  @Post()
  @ApiOperation({ summary: 'Add the number of a phone’s SIM, or of a carrier’s account, to the pool' })
  @Answers(TnAnswer)
  add(@Caller() caller: User, @ValidBody() body: CreateTnDto) {
    return this.tns.add(caller, body);
  }

  @Patch(':number')
  @ApiOperation({
    summary: 'Change whose a number is, what it can be used for and its mode; 409 while a session needs it as it is',
  })
  @Answers(TnAnswer)
  change(@Caller() caller: User, @ValidParams() { number }: TnParams, @ValidBody() body: ChangeTnDto) {
    return this.tns.change(caller, number, body);
  }

  @Delete(':number')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove a number that no open session uses' })
  @Answers(Done)
  remove(@Caller() caller: User, @ValidParams() { number }: TnParams) {
    return this.tns.remove(caller, number);
  }
}
