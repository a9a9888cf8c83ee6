import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/allow.js';
import { Answers, ExampleText } from '../common/http/answers.js';
import { MessageMetrics } from './message-metrics.js';
import { Metrics } from './metrics.js';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const Exposition = ExampleText('trunkline_queue_ready 42\n', { description: 'The text format of Prometheus.' });

@ApiTags('health')
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly messages: MessageMetrics,
  ) {}

  @Get()
  @Header('content-type', TEXT)
  @ApiOperation({ summary: 'Metrics for Prometheus; in production METRICS_TOKEN or METRICS_ALLOW opens them' })
  @Answers(Exposition, { type: 'text/plain' })
  async text() {
    await this.messages.nameTenants();
    return this.metrics.text();
  }
}
