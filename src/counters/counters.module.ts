import { Module } from '@nestjs/common';
import { CallCountsRepository } from './call-counts.repository.js';
import { DailyCountsRepository } from './daily-counts.repository.js';
import { DestinationAlarmsRepository } from './destination-alarms.repository.js';
import { DestinationCountsRepository } from './destination-counts.repository.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { PaceRepository } from './pace.repository.js';
import { RegistrationCodesRepository } from './registration-codes.repository.js';
import { SerialsRepository } from './serials.repository.js';

const KINDS = [
  CallCountsRepository,
  DailyCountsRepository,
  DestinationCountsRepository,
  DestinationAlarmsRepository,
  IdempotencyRepository,
  PaceRepository,
  RegistrationCodesRepository,
  SerialsRepository,
];

@Module({ providers: KINDS, exports: KINDS })
export class CountersModule {}
