import { Injectable } from '@nestjs/common';
import type { User } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { conflict } from '../../common/errors.js';
import type { Update } from '../../database/query.js';
import { People } from '../../people/people.js';
import { PeopleRepository } from '../../people/people.repository.js';
import { newPerson, type PersonDoc } from '../../people/person.js';
import { UserDirectory } from '../../users/user-directory.js';

type Changes = Partial<Pick<PersonDoc, 'email' | 'phone' | 'preference'>>;

/** How often a change is tried again because another was faster. */
const TRIES = 5;

/** The person that a user is. */
@Injectable()
export class Profiles {
  constructor(
    private readonly people: People,
    private readonly repository: PeopleRepository,
    private readonly users: UserDirectory,
    private readonly clock: Clock,
  ) {}

  /** As it is, or as it would begin: to look at it stores nothing. */
  async of({ tenant, id }: User): Promise<PersonDoc> {
    const there = await this.repository.ofUser(tenant, id);
    return there ?? newPerson({ _id: '', tenant_id: tenant, created_at: this.clock.now(), ...(await this.known(id)) });
  }

  async stored({ tenant, id }: User): Promise<PersonDoc> {
    return this.people.ofUser(tenant, id, await this.known(id));
  }

  /** @throws ApiError 409 when others keep changing the same person. */
  async change(user: User, changes: Changes): Promise<PersonDoc> {
    for (let i = 0; i < TRIES; i++) {
      const seen = await this.stored(user);
      const changed = await this.repository.change(seen, this.updateOf(seen, changes));
      if (changed) return changed;
    }
    throw conflict('person_changed', 'Others are changing the same person. Try again.');
  }

  /** Nobody has confirmed a new address, and a new one isn't dead. */
  private updateOf(seen: PersonDoc, changes: Changes): Update {
    const { email = seen.email, phone = seen.phone } = changes;
    return {
      $set: { ...changes, updated_at: this.clock.now() },
      $unset: {
        ...(email === seen.email ? {} : { email_confirmed_at: '' as const, email_dead: '' as const }),
        ...(phone === seen.phone ? {} : { phone_confirmed_at: '' as const }),
      },
    };
  }

  /** What the account says; a user of another system's token has none here. */
  private async known(userId: string): Promise<Pick<PersonDoc, 'email' | 'phone'>> {
    const { email = null, phone = null } = (await this.users.byId(userId)) ?? {};
    return { email, phone };
  }
}
