import { Module } from '@nestjs/common';
import { CallbacksModule } from '../../callbacks/callbacks.module.js';
import { ProxyModule } from '../proxy.module.js';
import { CallRecords } from './call-records.js';
import { CallsExpirables } from './calls.expirables.js';
import { CallsRepository } from './calls.repository.js';
import { ConferenceCalls } from './conference-calls.js';
import { SessionCallsService } from './session-calls.service.js';
import { SessionCallsController } from './session-calls.controller.js';
import { VoiceController } from './voice.controller.js';
import { VoiceService } from './voice.service.js';

@Module({
  imports: [CallbacksModule, ProxyModule],
  controllers: [VoiceController, SessionCallsController],
  providers: [VoiceService, CallRecords, CallsRepository, CallsExpirables, ConferenceCalls, SessionCallsService],
  exports: [CallRecords],
})
export class VoiceModule {}
