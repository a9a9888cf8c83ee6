import { Module } from '@nestjs/common';
import { SessionController } from './flowroute-surface/session.controller.js';
import { SessionService } from './flowroute-surface/session.service.js';
import { TnController } from './flowroute-surface/tn.controller.js';
import { TnService } from './flowroute-surface/tn.service.js';
import { OpenSurfacesAuthenticator } from './open-surfaces.authenticator.js';
import { ProxyModule } from './proxy.module.js';

/** Masked conversations as their source systems answered for them. */
@Module({
  imports: [ProxyModule],
  controllers: [TnController, SessionController],
  providers: [TnService, SessionService, OpenSurfacesAuthenticator],
})
export class ProxySurfacesModule {}
