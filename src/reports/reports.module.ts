import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { BucketsRepository } from './buckets.repository.js';
import { CountedRowsRepository } from './counted-rows.repository.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { Freezer } from './freezer.js';
import { MarkWork } from './mark-work.js';
import { RebuildCommand } from './rebuild-command.js';
import { Rebuild } from './rebuild.js';
import { Recompute } from './recompute.js';
import { ReportsController } from './reports.controller.js';
import { ReportsWorker } from './reports-worker.js';
import { SummaryService } from './summary.service.js';

@Module({
  imports: [ApiKeysModule, MessagesModule],
  controllers: [ReportsController, ExportController],
  providers: [
    BucketsRepository,
    CountedRowsRepository,
    Recompute,
    MarkWork,
    ReportsWorker,
    SummaryService,
    ExportService,
    Rebuild,
    RebuildCommand,
    Freezer,
  ],
  exports: [Rebuild, Freezer],
})
export class ReportsModule {}
