import { Module } from '@nestjs/common';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { KeyUsageService } from './key-usage.service.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { DailyUsageRepository } from './daily-usage.repository.js';

@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeysRepository, ApiKeyAuthenticator, KeyUsageService, DailyUsageRepository],
  exports: [KeyUsageService],
})
export class ApiKeysModule {}
