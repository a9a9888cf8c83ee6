import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/errors.js';
import { StoreFailure } from '../common/store-failure.js';
import { HealthWarnings } from './health-warnings.js';
import { StoreRepository } from './store.repository.js';

@Injectable()
export class HealthService {
  constructor(
    private readonly store: StoreRepository,
    private readonly warnings: HealthWarnings,
  ) {}

  /** @throws ApiError 503 while the store doesn't answer, or its disk is full. */
  async ready() {
    try {
      await this.store.ping();
    } catch (error) {
      if (error instanceof StoreFailure && error.kind === 'full')
        throw new ApiError(503, 'store_full', 'The disk of the store is full: reads work, writes are refused.', [], {
          'retry-after': '30',
        });
      throw new ApiError(503, 'store_unreachable', 'The store does not answer.', [], { 'retry-after': '5' });
    }
    const warnings = this.warnings.all;
    return { status: 'ok', store: this.store.kind, ...(warnings.length > 0 ? { warnings } : {}) };
  }
}
