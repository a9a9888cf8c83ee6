import { Module } from '@nestjs/common';
import { ClockWorker } from './clock.worker.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { StoreRepository } from './store.repository.js';

@Module({ controllers: [HealthController], providers: [HealthService, StoreRepository, ClockWorker] })
export class HealthModule {}
