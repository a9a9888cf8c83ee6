import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'typebox';
import { Public } from '../auth/allow.js';
import { HealthService } from './health.service.js';
import { Answers, Done } from '../common/http/answers.js';
import { Surface } from '../common/http/surfaces.js';

const Ready = Type.Object({
  status: Type.Literal('ok'),
  store: Type.Enum(['embedded', 'mongo']),
  warnings: Type.Optional(
    Type.Array(Type.String(), {
      description: 'What does not work although the gateway does; traffic need not go elsewhere for it.',
      examples: [['carrier twilio: 1 account is parked, because its calls fail; see GET /admin/carriers']],
    }),
  ),
});

@ApiTags('health')
@Controller('health')
@Public()
@Surface('health')
export class HealthController {
  constructor(private readonly service: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'The gateway answers' })
  @Answers(Done)
  health() {
    return { status: 'ok' };
  }

  @Get('live')
  @ApiOperation({ summary: 'Checks that the process runs; restart it when this fails' })
  @Answers(Done)
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Checks that the store answers too; send traffic elsewhere when this fails' })
  @Answers(Ready)
  ready() {
    return this.service.ready();
  }
}
