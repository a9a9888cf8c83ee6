import { Injectable } from '@nestjs/common';
import { MessageMetrics } from './message-metrics.js';
import { Metrics } from './metrics.js';

@Injectable()
export class MetricsService {
  constructor(
    private readonly metrics: Metrics,
    private readonly messages: MessageMetrics,
  ) {}

  /** Returns the text format of Prometheus; first gives labels to tenants that are new since the last call. */
  async text(): Promise<string> {
    await this.messages.nameTenants();
    return this.metrics.text();
  }
}
