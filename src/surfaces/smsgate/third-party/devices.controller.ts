import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/allow.js';
import { Caller } from '../../../auth/current.js';
import type { Principal, User } from '../../../auth/principal.js';
import { IdParams } from '../../../common/dto/id-params.js';
import { Answers } from '../../../common/http/answers.js';
import { ValidParams } from '../../../common/http/parameters.js';
import { Surface } from '../../../common/http/surfaces.js';
import { READ } from '../../../requests/sending-rights.js';
import { DevicesService } from './devices.service.js';
import { DevicesAnswer } from './third-party-answers.js';
import { THIRD_PARTY_PATH } from './third-party-path.js';

@ApiTags('scripts for SMSGate')
@Controller(`${THIRD_PARTY_PATH}/devices`)
@Surface('smsgate_scripts')
@Allow(READ)
export class ScriptDevicesController {
  constructor(private readonly devices: DevicesService) {}

  @Get()
  @ApiOperation({ summary: 'List the phones' })
  @Answers(DevicesAnswer)
  list(@Caller() caller: Principal) {
    return this.devices.list(caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow({ role: 'admin' })
  @ApiOperation({ summary: 'Unregister a phone' })
  remove(@Caller() caller: User, @ValidParams() { id }: IdParams) {
    return this.devices.remove(caller, id);
  }
}
