import { Module, type DynamicModule } from '@nestjs/common';
import { AgentsModule } from './agents/agents.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BackupModule } from './backup/backup.module.js';
import { CallbacksModule } from './callbacks/callbacks.module.js';
import { CarriersModule } from './carriers/carriers.module.js';
import type { Clock } from './common/clock.js';
import { CommonModule } from './common/common.module.js';
import type { Config } from './config/load-config.js';
import { ControlModule } from './control/control.module.js';
import type { Store } from './database/collection.js';
import { DatabaseModule } from './database/database.module.js';
import { DispatchModule } from './dispatch/dispatch.module.js';
import { ExpirablesModule } from './expirables/expirables.module.js';
import { HealthModule } from './health/health.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { InboundModule } from './inbound/inbound.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import type { Metrics } from './metrics/metrics.js';
import { ParkingModule } from './parking/parking.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { NotifierSurfaceModule } from './notifications/notifier-surface/notifier-surface.module.js';
import { PushPageModule } from './notifications/push-page/push-page.module.js';
import { SmssSurfaceModule } from './notifications/smss-surface/smss-surface.module.js';
import { PersonAccountsModule } from './people/accounts/accounts.module.js';
import { PeopleModule } from './people/people.module.js';
import { LandingModule } from './proxy/landing/landing.module.js';
import { ProxyModule } from './proxy/proxy.module.js';
import { ProxySurfacesModule } from './proxy/proxy-surfaces.module.js';
import { VoiceModule } from './proxy/voice/voice.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RequestsModule } from './requests/requests.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { SendingRulesModule } from './sending-rules/sending-rules.module.js';
import { ChtModule } from './surfaces/cht/cht.module.js';
import { SmsgateModule } from './surfaces/smsgate/smsgate.module.js';
import { ThirdPartyModule } from './surfaces/smsgate/third-party/third-party.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { UsersModule } from './users/users.module.js';
import { WorkersModule } from './workers/workers.module.js';

@Module({})
export class AppModule {
  static with(config: Config, clock: Clock, store: Store, metrics: Metrics): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CommonModule.with(config, clock),
        DatabaseModule.with(store),
        ControlModule,
        BackupModule,
        WorkersModule,
        ExpirablesModule,
        AuthModule,
        AuditModule,
        TenantsModule,
        ParkingModule,
        UsersModule,
        ApiKeysModule,
        TemplatesModule,
        MessagesModule,
        AgentsModule,
        InboundModule,
        CarriersModule,
        DispatchModule,
        CallbacksModule,
        SendingRulesModule,
        ProxyModule,
        ProxySurfacesModule,
        VoiceModule,
        LandingModule,
        PeopleModule,
        NotificationsModule,
        SmssSurfaceModule,
        NotifierSurfaceModule,
        PushPageModule,
        PersonAccountsModule,
        RequestsModule,
        SmsgateModule,
        ChtModule,
        ThirdPartyModule,
        ReportsModule,
        ImportsModule,
        RetentionModule,
        HealthModule,
        MetricsModule.with(metrics),
      ],
    };
  }
}
