import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/access.js';
import { ApiError } from '../common/errors.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(@InjectStore() private readonly store: Store) {}

  @Get()
  @ApiOperation({ summary: 'The gateway answers' })
  health() {
    return { status: 'ok' };
  }

  @Get('live')
  @ApiOperation({ summary: 'The process lives; when this fails, restart it' })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The store answers too; when this fails, send traffic elsewhere' })
  async ready() {
    try {
      await this.store.ping();
    } catch {
      throw new ApiError(503, 'store_unreachable', 'The store does not answer.', [], { 'retry-after': '5' });
    }
    return { status: 'ok', store: this.store.kind };
  }
}
