import { Injectable } from '@nestjs/common';
import type { User } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { People } from '../../people/people.js';
import { PeopleRepository } from '../../people/people.repository.js';
import { newPerson, type PersonDoc } from '../../people/person.js';
import { changed, PersonChanges } from '../../people/person-changes.js';
import { UserDirectory } from '../../users/user-directory.js';

type Changes = Partial<Pick<PersonDoc, 'email' | 'phone' | 'preference'>>;

/** The person that a user is. */
@Injectable()
export class Profiles {
  constructor(
    private readonly people: People,
    private readonly repository: PeopleRepository,
    private readonly changes: PersonChanges,
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
    const { _id } = await this.stored(user);
    return this.changes.write(user.tenant, _id, (seen) => changed(seen, changes));
  }

  /** What the account says; a user of another system's token has none here. */
  private async known(userId: string): Promise<Pick<PersonDoc, 'email' | 'phone'>> {
    const { email = null, phone = null } = (await this.users.byId(userId)) ?? {};
    return { email, phone };
  }
}
