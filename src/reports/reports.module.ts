import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { BucketsRepository } from './buckets.repository.js';
import { CountedRowsRepository } from './counted-rows.repository.js';
import { MarkWork } from './mark-work.js';
import { RebuildCommand } from './rebuild-command.js';
import { Rebuild } from './rebuild.js';
import { Recompute } from './recompute.js';
import { ReportsController } from './reports.controller.js';
import { ReportsWorker } from './reports-worker.js';
import { SummaryService } from './summary.service.js';

@Module({
  imports: [ApiKeysModule, MessagesModule],
  controllers: [ReportsController],
  providers: [
    BucketsRepository,
    CountedRowsRepository,
    Recompute,
    MarkWork,
    ReportsWorker,
    SummaryService,
    Rebuild,
    RebuildCommand,
  ],
  exports: [Rebuild],
})
export class ReportsModule {}
