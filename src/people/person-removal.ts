import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { UserRemoval } from '../users/user-removal.js';
import { PeopleRepository } from './people.repository.js';
import { PushTokensRepository } from './push-tokens.repository.js';

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

  constructor(
    private readonly people: PeopleRepository,
    private readonly tokens: PushTokensRepository,
    users: UserRemoval,
  ) {
    users.register((tenant, userId) => this.removeOfUser(tenant, userId));
  }

  register(forgets: Forgets): void {
    this.known.push(forgets);
  }

  /** What features keep of the person goes first, so that a removal that was cut off can be repeated. */
  async remove(tenant: TenantId, id: string): Promise<void> {
    for (const one of this.known) await one.person?.(tenant, id);
    await this.tokens.untieAll(tenant, id);
    await this.people.delete(tenant, id);
  }

  async forgetTokens(tenant: TenantId, ids: readonly string[]): Promise<void> {
    for (const one of this.known) await one.tokens?.(tenant, ids);
  }

  private async removeOfUser(tenant: TenantId, userId: string): Promise<void> {
    const person = await this.people.ofUser(tenant, userId);
    if (person) await this.remove(tenant, person._id);
  }
}
