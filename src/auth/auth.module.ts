import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Admission } from './admission.js';
import { PrincipalSource } from './principal-source.js';
import { RouteAccess } from './route-access.js';
import { ThrottleGuard } from './throttle/throttle.guard.js';
import { ThrottleModule } from './throttle/throttle.module.js';

@Global()
@Module({
  imports: [DiscoveryModule, ThrottleModule],
  providers: [
    PrincipalSource,
    RouteAccess,
    Admission,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useExisting: ThrottleGuard },
  ],
  exports: [PrincipalSource, ThrottleModule],
})
export class AuthModule {}
