import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { busy } from '../common/errors.js';
import { HOUR_MILLIS, later } from '../domain/time.js';
import type { NewMessageDto } from '../requests/dto/new-message.dto.js';
import { chunkId, KEEP_CHUNK_MILLIS, type ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';
import type { GoodLine } from './line-reader.js';

/** An upload that stores no chunk for this long is abandoned. */
const STALE_MILLIS = HOUR_MILLIS;
const CHUNK_LINES = 1000;
const CHUNK_CHARACTERS = 256 * 1024;

/** Phase 1: stores lines, one chunk at a time, under an import that no caller can see yet. */
@Injectable()
export class Staging {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly clock: Clock,
  ) {}

  async open(doc: ImportDoc, mostLines: number): Promise<StagedFile> {
    await this.repository.insert(doc);
    const size = Math.min(CHUNK_LINES, mostLines);
    return new StagedFile(size, async (messages, chunk) => {
      const now = this.clock.now();
      await this.repository.insertChunk({
        _id: chunkId(doc._id, chunk),
        tenant_id: doc.tenant_id,
        messages,
        purge_at: later(now, KEEP_CHUNK_MILLIS),
      });
      const alive = await this.repository.changeStaging(doc.tenant_id, doc._id, { due_at: this.staleAt(now) });
      if (!alive) throw busy('The upload took too long. Nothing was sent; send the file again.', 1);
    });
  }

  staleAt(now: Date): Date {
    return later(now, STALE_MILLIS);
  }

  /** Removes the whole import. Removes its document first, so that it can't be committed any more. */
  async discard({ tenant_id, _id }: ImportDoc, dueBy?: Date): Promise<void> {
    if (await this.repository.forgetStaging(tenant_id, _id, dueBy)) await this.repository.deleteChunks(tenant_id, _id);
  }
}

export class StagedFile {
  chunks = 0;
  private messages: NewMessageDto[] = [];
  private characters = 0;

  constructor(
    private readonly mostLines: number,
    private readonly write: (messages: NewMessageDto[], chunk: number) => Promise<void>,
  ) {}

  async add({ message, size }: GoodLine): Promise<void> {
    this.messages.push(message);
    this.characters += size;
    if (this.messages.length >= this.mostLines || this.characters >= CHUNK_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.messages.length === 0) return;
    const messages = this.messages;
    this.messages = [];
    this.characters = 0;
    await this.write(messages, this.chunks++);
  }
}
