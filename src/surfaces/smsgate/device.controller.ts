import { Controller, Get, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { PhoneOf } from '../../agents/phone-of.js';
import { Allow, Public } from '../../auth/allow.js';
import { Answers } from '../../common/http/answers.js';
import { ToldBody } from '../../common/http/parameters.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';
import type { Told } from '../../common/http/told.js';
import { DeviceService } from './device.service.js';
import { RegisterDeviceDto, UpdateDeviceDto } from './dto/device.dto.js';
import { MOBILE_PATH } from './mobile-path.js';
import { DeviceAnswer, RegisteredDevice } from './smsgate-answers.js';

@ApiTags('phones with SMSGate')
@Controller(`${MOBILE_PATH}/device`)
@Surface('smsgate')
@Allow({ agents: true })
export class DeviceController {
  constructor(private readonly devices: DeviceService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Tell the app which address it has, and with its token what is known of it' })
  @Answers(DeviceAnswer)
  get(@Req() request: FastifyRequest) {
    return this.devices.show(request);
  }

  @Post()
  @Takes({ kinds: ['told'] })
  @Public()
  @ApiOperation({
    summary:
      'Register a phone by the registration secret (Bearer), a one-time code (Code), or an administrator’s password (Basic)',
  })
  @Answers(RegisteredDevice)
  register(@Req() request: FastifyRequest, @ToldBody(RegisterDeviceDto, []) { told }: Told<RegisterDeviceDto>) {
    return this.devices.register(request, told);
  }

  @Patch()
  @Takes({ kinds: ['told'] })
  @HttpCode(204)
  @ApiOperation({ summary: 'Tell the SIMs and the version of the app, at each of its starts' })
  update(
    @PhoneOf('smsgate') caller: AgentPrincipal,
    @Req() request: FastifyRequest,
    @ToldBody(UpdateDeviceDto, []) { told }: Told<UpdateDeviceDto>,
  ) {
    return this.devices.update(caller.agent, request, told);
  }
}
