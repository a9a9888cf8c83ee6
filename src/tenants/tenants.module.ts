import { Global, Module } from '@nestjs/common';
import { SettingsController } from './settings.controller.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingsService } from './settings.service.js';
import { TenantsController } from './tenants.controller.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

@Global()
@Module({
  controllers: [TenantsController, SettingsController],
  providers: [TenantsService, TenantsRepository, SettingsService, SettingsRepository],
  exports: [TenantsService, SettingsService],
})
export class TenantsModule {}
