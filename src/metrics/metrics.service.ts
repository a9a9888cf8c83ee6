import { Injectable } from '@nestjs/common';
import { MessageMetrics } from './message-metrics.js';
import { Metrics } from './metrics.js';

@Injectable()
export class MetricsService {
  constructor(
    private readonly metrics: Metrics,
    private readonly messages: MessageMetrics,
  ) {}

  /** In the text format of Prometheus; tenants that are new since the last time have their labels by then. */
  async text(): Promise<string> {
    await this.messages.nameTenants();
    return this.metrics.text();
  }
}
