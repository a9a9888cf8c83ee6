import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { AccessCheck } from './access-check.js';
import { AccessGuard } from './access.guard.js';
import { Authenticators } from './authenticators.js';
import { MinuteWindows, PrincipalThrottle } from './throttle.js';

@Global()
@Module({
  imports: [
    DiscoveryModule,
    ThrottlerModule.forRootAsync({
      inject: [Config, Clock],
      useFactory: (config: Config, clock: Clock) => ({
        throttlers: [{ ttl: 60_000, limit: config.THROTTLE_PER_MIN }],
        storage: new MinuteWindows(clock),
      }),
    }),
  ],
  providers: [
    Authenticators,
    AccessCheck,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: PrincipalThrottle },
  ],
  exports: [Authenticators],
})
export class AuthModule {}
