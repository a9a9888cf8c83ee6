import { Module, type DynamicModule } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { CallbacksModule } from '../callbacks/callbacks.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SendingRulesModule } from '../sending-rules/sending-rules.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { Backlog } from './backlog.js';
import { CallbackMetrics } from './callback-metrics.js';
import { CarrierMetrics } from './carrier-metrics.js';
import { DestinationMetrics } from './destination-metrics.js';
import { MessageMetrics } from './message-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { MetricsService } from './metrics.service.js';
import { ParkedMetrics } from './parked-metrics.js';
import { RegistrationMetrics } from './registration-metrics.js';
import { WorkerMetrics } from './worker-metrics.js';

@Module({})
export class MetricsModule {
  static with(metrics: Metrics): DynamicModule {
    return {
      module: MetricsModule,
      imports: [TenantsModule, MessagesModule, AgentsModule, DispatchModule, CallbacksModule, SendingRulesModule],
      controllers: [MetricsController],
      providers: [
        { provide: Metrics, useValue: metrics },
        MetricsService,
        MessageMetrics,
        WorkerMetrics,
        ParkedMetrics,
        RegistrationMetrics,
        CarrierMetrics,
        CallbackMetrics,
        DestinationMetrics,
        Backlog,
      ],
    };
  }
}
