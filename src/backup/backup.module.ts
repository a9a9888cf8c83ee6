import { Module } from '@nestjs/common';
import { FileHold } from './file-hold.js';
import { HeldFileRepository } from './held-file.repository.js';

@Module({ providers: [FileHold, HeldFileRepository] })
export class BackupModule {}
