import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { invalidField, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { PeopleRepository } from './people.repository.js';
import type { PersonDoc } from './person.js';
import { showPerson } from './person-answers.js';
import { PersonChanges } from './person-changes.js';
import { PersonRemoval } from './person-removal.js';
import { readEmail } from './email-address.js';
import { Stops, type Decider } from './stops.js';
import { PersonReader, type TypedPerson } from './typed-person.js';

type Shown = ReturnType<typeof showPerson>;

/** People as administrators and client applications see and change them. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly repository: PeopleRepository,
    private readonly changes: PersonChanges,
    private readonly reader: PersonReader,
    private readonly stops: Stops,
    private readonly removal: PersonRemoval,
    private readonly audit: AuditService,
  ) {}

  async list(
    { tenant }: Principal,
    filter: { phone?: string | undefined; email?: string | undefined },
    page: Page,
  ): Promise<List<Shown>> {
    const phone = filter.phone === undefined ? undefined : await this.reader.number(tenant, filter.phone);
    const email = filter.email === undefined ? undefined : readEmail(filter.email);
    if (email === null) throw invalidField('email', 'must be an e-mail address');
    const rows = await this.repository.list(tenant, { phone, email }, page.limit, page.skip, cursorId(page));
    return listOf(await this.stops.of(tenant, rows), page, showPerson);
  }

  async get({ tenant }: Principal, id: string): Promise<Shown> {
    const person = await this.repository.byId(tenant, id);
    if (!person) throw notFound('person', id);
    return this.shown(person);
  }

  async create(caller: Principal, typed: TypedPerson): Promise<Shown> {
    const person = await this.changes.create(caller.tenant, typed, deciderOf(caller));
    await this.audit.record(caller, 'CREATE_PERSON', { person_id: person._id });
    return this.shown(person);
  }

  async change(caller: Principal, id: string, typed: TypedPerson): Promise<Shown> {
    const person = await this.changes.change(caller.tenant, id, typed, deciderOf(caller));
    await this.audit.record(caller, 'UPDATE_PERSON', { person_id: id, fields: Object.keys(typed) });
    return this.shown(person);
  }

  async delete(caller: User, id: string): Promise<void> {
    const { tenant } = caller;
    if (!(await this.repository.byId(tenant, id))) throw notFound('person', id);
    await this.removal.remove(tenant, id);
    await this.audit.record(caller, 'DELETE_PERSON', { person_id: id });
  }

  private async shown(person: PersonDoc): Promise<Shown> {
    const [whole] = await this.stops.of(person.tenant_id, [person]);
    return showPerson(whole!);
  }
}

function deciderOf({ kind }: Principal): Decider {
  return { source: 'admin', mayTakeBack: kind === 'user', mayDecideForNumber: () => true };
}
