import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { RebuildCommand } from './rebuild-command.js';
import { Rebuild } from './rebuild.js';
import { ReportsController } from './reports.controller.js';
import { SummaryService } from './summary.service.js';

@Module({
  imports: [ApiKeysModule, MessagesModule],
  controllers: [ReportsController, ExportController],
  providers: [SummaryService, ExportService, Rebuild, RebuildCommand],
  exports: [Rebuild],
})
export class ReportsModule {}
