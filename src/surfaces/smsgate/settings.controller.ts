import { Controller, Get, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { PhoneOf } from '../../agents/phone-of.js';
import { Allow } from '../../auth/allow.js';
import { Answers } from '../../common/http/answers.js';
import { Surface } from '../../common/http/surfaces.js';
import { AppSettings } from './app-settings.service.js';
import { MOBILE_PATH } from './mobile-path.js';
import { AppSettingsAnswer, AppWebhooks } from './smsgate-answers.js';

@ApiTags('phones with SMSGate')
@Controller(MOBILE_PATH)
@Surface('smsgate')
@Allow({ agents: true })
export class SettingsController {
  constructor(private readonly settings: AppSettings) {}

  @Get('settings')
  @ApiOperation({ summary: 'Give the app its settings, with the key for its signatures' })
  @Answers(AppSettingsAnswer)
  all(@PhoneOf('smsgate') { agent }: AgentPrincipal) {
    return this.settings.settingsFetched(agent);
  }

  @Get('webhooks')
  @ApiOperation({ summary: 'Tell the app where to post what it receives' })
  @Answers(AppWebhooks)
  webhooks(@PhoneOf('smsgate') { agent }: AgentPrincipal, @Req() request: FastifyRequest) {
    return this.settings.webhooksFetched(agent, this.settings.baseUrl(request));
  }
}
