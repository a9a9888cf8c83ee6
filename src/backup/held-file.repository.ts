import { Injectable } from '@nestjs/common';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

@Injectable()
export class HeldFileRepository {
  constructor(@InjectStore() private readonly store: Store) {}

  holdStill(): Promise<void> {
    return this.#file.holdStill();
  }
  letGo(): Promise<void> {
    return this.#file.letGo();
  }

  get #file() {
    if (!this.store.file) throw new Error('This store has no file to copy.');
    return this.store.file;
  }
}
