import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../../common/clock.js';
import { Config } from '../../config/load-config.js';
import { LocalStorage } from './local-storage.js';
import { SharedStorage } from './shared-storage.js';
import { ThrottleStorage } from './throttle-storage.js';
import { MINUTE, ThrottleGuard } from './throttle.guard.js';
import { ThrottleRepository } from './throttle.repository.js';

@Module({
  providers: [
    ThrottleRepository,
    {
      provide: ThrottleStorage,
      inject: [ThrottleRepository, Clock],
      useFactory: (repository: ThrottleRepository, clock: Clock) =>
        repository.isShared ? new SharedStorage(repository, clock) : new LocalStorage(clock),
    },
  ],
  exports: [ThrottleStorage],
})
class ThrottleStorageModule {}

const library = ThrottlerModule.forRootAsync({
  imports: [ThrottleStorageModule],
  inject: [Config, ThrottleStorage],
  useFactory: (config: Config, storage: ThrottleStorage) => ({
    throttlers: [{ limit: config.THROTTLE_PER_MIN || Infinity, ttl: MINUTE }],
    storage,
    setHeaders: false,
  }),
});

@Module({
  imports: [ThrottleStorageModule, library],
  providers: [ThrottleGuard],
  exports: [ThrottleGuard, ThrottleStorageModule],
})
export class ThrottleModule {}
