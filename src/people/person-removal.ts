import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';

/** What a feature keeps of people and their devices. May be told the same twice. */
export interface Forgets {
  person?(tenant: TenantId, id: string): Promise<void>;
  /** Push tokens, by the ids of their rows. */
  tokens?(tenant: TenantId, ids: readonly string[]): Promise<void>;
}

/** Features that keep something of people register here; they forget it before the person, or the token, is removed. */
@Injectable()
export class PersonRemoval {
  private readonly known: Forgets[] = [];

  register(forgets: Forgets): void {
    this.known.push(forgets);
  }

  async forgetPerson(tenant: TenantId, id: string): Promise<void> {
    for (const one of this.known) await one.person?.(tenant, id);
  }

  async forgetTokens(tenant: TenantId, ids: readonly string[]): Promise<void> {
    for (const one of this.known) await one.tokens?.(tenant, ids);
  }
}
