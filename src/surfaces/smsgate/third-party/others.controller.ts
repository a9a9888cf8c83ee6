import { Controller, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/allow.js';
import { Answers } from '../../../common/http/answers.js';
import { notAvailable as absent } from '../../../common/http/source-errors.js';
import { ValidParams } from '../../../common/http/parameters.js';
import { Surface } from '../../../common/http/surfaces.js';
import { READ, SUBMIT } from '../../../requests/sending-rights.js';
import { MessageParams } from './dto/params.js';
import { HealthAnswer, NoItems, NoSettings } from './third-party-answers.js';
import { THIRD_PARTY_PATH } from './third-party-path.js';

/** What else the client calls. What isn't there is said in words, so that a script stops where it would only seem to work. */
@ApiTags('scripts for SMSGate')
@Controller(THIRD_PARTY_PATH)
@Surface('smsgate_scripts')
@Allow(READ)
export class ScriptOthersController {
  @Get('health')
  @ApiOperation({ summary: 'Answer that the gateway serves this API' })
  @Answers(HealthAnswer)
  health() {
    return { status: 'pass', version: '0.1.0', releaseId: 1, checks: {} };
  }

  @Get('webhooks')
  @ApiOperation({ summary: 'List webhooks of scripts: there are none' })
  @Answers(NoItems)
  webhooks() {
    return [];
  }

  @Post('webhooks')
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Refuse a webhook' })
  @Answers(NoSettings)
  addWebhook(): never {
    throw absent('Webhooks', 'Read received texts from GET /inbound-messages, and states from this API.');
  }

  @Delete('webhooks/:id')
  @HttpCode(204)
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Refuse to remove a webhook' })
  removeWebhook(@ValidParams() _: MessageParams): never {
    throw absent('Webhooks', 'There are none.');
  }

  @Get('logs')
  @ApiOperation({ summary: 'List entries of phones’ logs: they are not collected' })
  @Answers(NoItems)
  logs() {
    return [];
  }

  @Get('settings')
  @ApiOperation({ summary: 'Show settings of phones: the gateway keeps them itself' })
  @Answers(NoSettings)
  settings() {
    return {};
  }

  @Put('settings')
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Refuse settings of phones' })
  @Answers(NoSettings)
  putSettings(): never {
    throw absent('Settings of phones', 'Pace and caps: PATCH /admin/agents/:id.');
  }

  @Patch('settings')
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Refuse settings of phones, as PUT does' })
  @Answers(NoSettings)
  patchSettings(): never {
    throw absent('Settings of phones', 'Pace and caps: PATCH /admin/agents/:id.');
  }

  @Post('inbox/export')
  @Allow(SUBMIT)
  @ApiOperation({ summary: 'Refuse to send received texts again' })
  @Answers(NoSettings)
  exportInbox(): never {
    throw absent('An export of the inbox', 'Read received texts from GET /inbound-messages.');
  }
}
