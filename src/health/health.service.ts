import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/errors.js';
import { StoreRepository } from './store.repository.js';

@Injectable()
export class HealthService {
  constructor(private readonly store: StoreRepository) {}

  /** @throws ApiError 503 while the store doesn't answer. */
  async ready() {
    try {
      await this.store.ping();
    } catch {
      throw new ApiError(503, 'store_unreachable', 'The store does not answer.', [], { 'retry-after': '5' });
    }
    return { status: 'ok', store: this.store.kind };
  }
}
