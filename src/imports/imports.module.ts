import { Module } from '@nestjs/common';
import { RequestsModule } from '../requests/requests.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { ImportWorker } from './import.worker.js';
import { ImportCancellation } from './import-cancellation.js';
import { ImportsExpirables } from './imports.expirables.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { IntakeService } from './intake.service.js';
import { Staging } from './staging.js';
import { Submission } from './submission.js';

@Module({
  imports: [RequestsModule, TemplatesModule],
  controllers: [ImportsController],
  providers: [
    ImportCancellation,
    IntakeService,
    Staging,
    Submission,
    ImportWorker,
    ImportsService,
    ImportsRepository,
    ImportsExpirables,
  ],
})
export class ImportsModule {}
