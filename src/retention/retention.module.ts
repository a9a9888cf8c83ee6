import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';
import { RetentionWorker } from './retention.worker.js';

@Module({ imports: [MessagesModule], providers: [RetentionRepository, RetentionService, RetentionWorker] })
export class RetentionModule {}
