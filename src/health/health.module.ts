import { Module } from '@nestjs/common';
import { ClockWorker } from './clock.worker.js';
import { HealthController } from './health.controller.js';
import { HealthWarnings } from './health-warnings.js';
import { HealthService } from './health.service.js';
import { StoreRepository } from './store.repository.js';

@Module({
  controllers: [HealthController],
  exports: [HealthWarnings],
  providers: [HealthWarnings, HealthService, StoreRepository, ClockWorker],
})
export class HealthModule {}
