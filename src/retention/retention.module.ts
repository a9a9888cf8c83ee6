import { Module } from '@nestjs/common';
import { ReportsModule } from '../reports/reports.module.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';
import { RetentionWorker } from './retention-worker.js';

@Module({ imports: [ReportsModule], providers: [RetentionRepository, RetentionService, RetentionWorker] })
export class RetentionModule {}
