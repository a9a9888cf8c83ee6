import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Admission } from './admission.js';
import { Authenticators } from './authenticators.js';
import { PublicBodies } from './public-bodies.js';
import { RouteAccess } from './route-access.js';
import { PrincipalThrottle } from './throttle.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Authenticators,
    RouteAccess,
    PrincipalThrottle,
    Admission,
    PublicBodies,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Authenticators],
})
export class AuthModule {}
