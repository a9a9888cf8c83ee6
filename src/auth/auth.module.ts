import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Admission } from './admission.js';
import { PrincipalSource } from './principal-source.js';
import { RouteAccess } from './route-access.js';
import { PrincipalThrottle } from './throttle.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    PrincipalSource,
    RouteAccess,
    PrincipalThrottle,
    Admission,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [PrincipalSource],
})
export class AuthModule {}
