import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/allow.js';
import { Answers, ExampleText } from '../common/http/answers.js';
import { Surface } from '../common/http/surfaces.js';
import { MetricsService } from './metrics.service.js';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const Exposition = ExampleText('trunkline_queue_ready 42\n', { description: 'The text format of Prometheus.' });

@ApiTags('health')
@Controller('metrics')
@Public()
@Surface('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Header('content-type', TEXT)
  @ApiOperation({ summary: 'Metrics for Prometheus; in production METRICS_TOKEN or METRICS_ALLOW opens them' })
  @Answers(Exposition, { type: 'text/plain' })
  text() {
    return this.metrics.text();
  }
}
