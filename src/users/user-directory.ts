import { Injectable } from '@nestjs/common';
import { ShortCache } from '../common/short-cache.js';
import type { UserDoc } from './user.js';
import { UsersRepository } from './users.repository.js';

/** Users as credentials name them, remembered for a few seconds. */
@Injectable()
export class UserDirectory {
  private readonly cache = new ShortCache<UserDoc>((id) => this.repository.byIdAnywhere(id));

  constructor(private readonly repository: UsersRepository) {}

  byId(id: string): Promise<UserDoc | null> {
    return this.cache.get(id);
  }

  forget(id: string): void {
    this.cache.forget(id);
  }
}
