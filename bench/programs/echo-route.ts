import { Controller, HttpCode, Post } from '@nestjs/common';
import { AppModule } from '../../src/app.module.js';
import { Allow } from '../../src/auth/allow.js';
import { Caller } from '../../src/auth/current.js';
import { ValidBody } from '../../src/common/http/parameters.js';
import type { Submitter } from '../../src/messages/messages.service.js';
import { CreateRequestDto } from '../../src/requests/dto/create-request.dto.js';

/** A route that authenticates and validates like POST /requests and then does nothing: it measures our HTTP layers. */
@Controller('bench')
class EchoController {
  @Post('echo')
  @HttpCode(200)
  @Allow({ scopes: ['sms:send'] })
  echo(@Caller() caller: Submitter, @ValidBody() body: CreateRequestDto) {
    return { client: caller.id, messages: body.messages!.length };
  }
}

const gateway = AppModule.with.bind(AppModule);
AppModule.with = (...args) => ({ ...gateway(...args), controllers: [EchoController] });
