import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { Principal } from '../../auth/principal.js';
import { Answers } from '../../common/http/answers.js';
import { ValidBody } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { TnDto } from './dto/tn.dto.js';
import { TnAdded, TnPool, TnRemoved } from './flowroute-answers.js';
import { TN_USAGE } from './refusals.js';
import { TnService } from './tn.service.js';

@ApiTags('masked conversations: Flowroute')
@Controller('tn')
@Surface('flowroute')
@Allow({ role: 'operator', scopes: ['proxy:manage'] })
export class TnController {
  constructor(private readonly tns: TnService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Add a Flowroute number to the pool' })
  @Answers(TnAdded)
  add(@Caller() caller: Principal, @ValidBody(TN_USAGE) { value }: TnDto) {
    return this.tns.add(caller, value);
  }

  @Get()
  @Allow({ role: 'viewer', scopes: ['proxy:manage'] })
  @ApiOperation({ summary: 'Show the pool and which sessions use it' })
  @Answers(TnPool)
  list(@Caller() caller: Principal) {
    return this.tns.list(caller.tenant);
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove a number from the pool' })
  @Answers(TnRemoved)
  remove(@Caller() caller: Principal, @ValidBody(TN_USAGE) { value }: TnDto) {
    return this.tns.remove(caller, value);
  }
}
