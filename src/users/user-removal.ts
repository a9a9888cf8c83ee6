import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';

/** Forgets what is kept of a user. May be told the same twice. */
type Forgets = (tenant: TenantId, userId: string) => Promise<void>;

/** Features that keep something of users register here; they forget it before the user is deleted. */
@Injectable()
export class UserRemoval {
  private readonly known: Forgets[] = [];

  register(forgets: Forgets): void {
    this.known.push(forgets);
  }

  async forget(tenant: TenantId, userId: string): Promise<void> {
    for (const one of this.known) await one(tenant, userId);
  }
}
