import { Module } from '@nestjs/common';
import { RetentionRepository } from './retention.repository.js';
import { RetentionPass } from './retention-pass.js';
import { RetentionWorker } from './retention.worker.js';

@Module({ providers: [RetentionRepository, RetentionPass, RetentionWorker] })
export class RetentionModule {}
