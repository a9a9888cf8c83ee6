import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { KeyUsageService } from './key-usage.service.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';

@Module({
  imports: [CountersModule],
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeysRepository, ApiKeyAuthenticator, KeyUsageService],
  exports: [KeyUsageService],
})
export class ApiKeysModule {}
