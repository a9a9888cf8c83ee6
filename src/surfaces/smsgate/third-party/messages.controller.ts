import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/allow.js';
import { Caller } from '../../../auth/current.js';
import { Answers } from '../../../common/http/answers.js';
import { ValidBody, ValidParams } from '../../../common/http/parameters.js';
import { Surface } from '../../../common/http/surfaces.js';
import type { Submitter } from '../../../messages/messages.service.js';
import { READ, SUBMIT } from '../../../requests/sending-rights.js';
import { MessageParams } from './dto/params.js';
import { SendMessageDto } from './dto/send-message.dto.js';
import { MessageSending } from './message-sending.service.js';
import { MessageStateAnswer } from './third-party-answers.js';
import { THIRD_PARTY_PATH } from './third-party-path.js';

/** Each under two paths: the present one, and the one that published clients call. */
@ApiTags('scripts for SMSGate')
@Controller(THIRD_PARTY_PATH)
@Surface('smsgate_scripts')
@Allow(SUBMIT)
export class ScriptMessagesController {
  constructor(private readonly messages: MessageSending) {}

  @Post('messages')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a text to one or more numbers' })
  @Answers(MessageStateAnswer)
  send(@Caller() caller: Submitter, @ValidBody() body: SendMessageDto) {
    return this.messages.send(caller, body);
  }

  @Post('message')
  @HttpCode(202)
  @ApiOperation({ summary: 'The same as POST /3rdparty/v1/messages' })
  @Answers(MessageStateAnswer)
  sendOne(@Caller() caller: Submitter, @ValidBody() body: SendMessageDto) {
    return this.messages.send(caller, body);
  }

  @Get('messages/:id')
  @Allow(READ)
  @ApiOperation({ summary: 'Show how far a message is, and each of its recipients' })
  @Answers(MessageStateAnswer)
  get(@Caller() caller: Submitter, @ValidParams() { id }: MessageParams) {
    return this.messages.get(caller, id);
  }

  @Get('message/:id')
  @Allow(READ)
  @ApiOperation({ summary: 'The same as GET /3rdparty/v1/messages/{id}' })
  @Answers(MessageStateAnswer)
  getOne(@Caller() caller: Submitter, @ValidParams() { id }: MessageParams) {
    return this.messages.get(caller, id);
  }
}
