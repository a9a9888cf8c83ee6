import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessCheck } from './access-check.js';
import { AccessGuard } from './access.guard.js';
import { Authenticators } from './authenticators.js';
import { PrincipalThrottle } from './throttle.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Authenticators, AccessCheck, PrincipalThrottle, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [Authenticators],
})
export class AuthModule {}
