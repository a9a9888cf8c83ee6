import { Injectable } from '@nestjs/common';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { resealCanary } from '../database/secrets-key.js';
import { Config } from '../config/load-config.js';

@Injectable()
export class SecretsKeyRepository {
  constructor(
    @InjectStore() private readonly store: Store,
    private readonly config: Config,
  ) {}

  /** From now on a gateway starts only with the present key. */
  require(): Promise<void> {
    return resealCanary(this.store, this.config.secretsKeys[0]!);
  }
}
