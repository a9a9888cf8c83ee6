import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionPass } from './retention-pass.js';
import { RetentionWorker } from './retention.worker.js';

@Module({ imports: [MessagesModule], providers: [RetentionRepository, RetentionPass, RetentionWorker] })
export class RetentionModule {}
