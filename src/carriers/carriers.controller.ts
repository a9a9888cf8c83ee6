import { Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { Answers, Done } from '../common/http/answers.js';
import { ValidBody, ValidParams } from '../common/http/parameters.js';
import { CarrierAnswer, CarrierList, CarrierSet, CarrierTest } from './carrier-answers.js';
import { CarrierSetupService } from './carrier-setup.service.js';
import { CarriersService } from './carriers.service.js';
import { CarrierParams } from './dto/carrier-params.js';
import { FcmAccountDto } from './fcm/dto/fcm-account.dto.js';
import { FlowrouteAccountDto } from './flowroute/dto/flowroute-account.dto.js';
import { SandboxAccountDto } from './sandbox/dto/sandbox-account.dto.js';
import { SmtpAccountDto } from './smtp/dto/smtp-account.dto.js';
import { TwilioAccountDto } from './twilio/dto/twilio-account.dto.js';

@ApiTags('carriers')
@Controller('admin/carriers')
@Allow({ role: 'admin' })
export class CarriersController {
  constructor(
    private readonly carriers: CarriersService,
    private readonly setup: CarrierSetupService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the carriers: their accounts, health and today’s figures' })
  @Answers(CarrierList)
  list(@Caller() caller: User) {
    return this.carriers.list(caller.tenant);
  }

  @Get(':name')
  @ApiOperation({ summary: 'Show a carrier' })
  @Answers(CarrierAnswer)
  get(@Caller() caller: User, @ValidParams() { name }: CarrierParams) {
    return this.carriers.get(caller.tenant, name);
  }

  @Put('twilio')
  @ApiOperation({ summary: 'Set up the account at Twilio; it is tried first, and not stored when Twilio refuses it' })
  @Answers(CarrierSet)
  putTwilio(@Caller() caller: User, @ValidBody() body: TwilioAccountDto) {
    return this.setup.put(caller, 'twilio', body);
  }

  @Put('flowroute')
  @ApiOperation({
    summary: 'Set up the account at Flowroute; it is tried first, and not stored when Flowroute refuses it',
  })
  @Answers(CarrierSet)
  putFlowroute(@Caller() caller: User, @ValidBody() body: FlowrouteAccountDto) {
    return this.setup.put(caller, 'flowroute', body);
  }

  @Put('smtp')
  @ApiOperation({ summary: 'Set up the mail server; it is tried first, and not stored when it refuses the login' })
  @Answers(CarrierSet)
  putSmtp(@Caller() caller: User, @ValidBody() body: SmtpAccountDto) {
    return this.setup.put(caller, 'smtp', body);
  }

  @Put('fcm')
  @ApiOperation({ summary: 'Set up the project at Firebase; it is tried first, and not stored when Google refuses it' })
  @Answers(CarrierSet)
  putFcm(@Caller() caller: User, @ValidBody() body: FcmAccountDto) {
    return this.setup.put(caller, 'fcm', body);
  }

  @Put('sandbox')
  @ApiOperation({ summary: 'Set up the sandbox, which sends nothing: in production there is none otherwise' })
  @Answers(CarrierSet)
  putSandbox(@Caller() caller: User, @ValidBody() body: SandboxAccountDto) {
    return this.setup.put(caller, 'sandbox', body);
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Remove a stored account; what waits for the carrier waits on' })
  @Answers(Done)
  remove(@Caller() caller: User, @ValidParams() { name }: CarrierParams) {
    return this.setup.remove(caller, name);
  }

  @Post(':name/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try the account at the provider; costs nothing and sends nothing' })
  @Answers(CarrierTest)
  test(@Caller() caller: User, @ValidParams() { name }: CarrierParams) {
    return this.setup.test(caller, name);
  }
}
