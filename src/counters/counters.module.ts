import { Module } from '@nestjs/common';
import { DailyCountsRepository } from './daily-counts.repository.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { PaceRepository } from './pace.repository.js';

const KINDS = [DailyCountsRepository, IdempotencyRepository, PaceRepository];

@Module({ providers: KINDS, exports: KINDS })
export class CountersModule {}
