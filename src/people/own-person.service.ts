import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { Accounts } from '../users/accounts.js';
import { AddressConfirmation, type ConfirmedField } from './confirmations/address-confirmation.js';
import { People } from './people.js';
import type { PersonDoc } from './person.js';
import { showPerson } from './person-answers.js';
import { PersonChanges } from './person-changes.js';
import { Stops, type Decider } from './stops.js';
import type { TypedPerson } from './typed-person.js';

/** Somebody with an account, as the person that they are. */
@Injectable()
export class OwnPersonService {
  constructor(
    private readonly people: People,
    private readonly accounts: Accounts,
    private readonly changes: PersonChanges,
    private readonly confirmation: AddressConfirmation,
    private readonly stops: Stops,
    private readonly audit: AuditService,
  ) {}

  /** What the account knows of them is a new person's first addresses. */
  async of({ tenant, id }: User): Promise<PersonDoc> {
    return this.people.ofUser(tenant, id, await this.accounts.addresses(id));
  }

  async get(caller: User) {
    return this.shown(await this.of(caller));
  }

  async change(caller: User, typed: TypedPerson) {
    const { _id } = await this.of(caller);
    const person = await this.changes.change(caller.tenant, _id, typed, ONESELF);
    await this.audit.record(caller, 'UPDATE_PERSON', { person_id: _id, fields: Object.keys(typed) });
    return this.shown(person);
  }

  async askForCode(caller: User, field: ConfirmedField) {
    await this.confirmation.ask(await this.of(caller), field);
    return { status: 'ok' as const };
  }

  async confirm(caller: User, field: ConfirmedField, code: string) {
    const person = await this.confirmation.confirm(await this.of(caller), field, code);
    await this.audit.record(caller, 'CONFIRM_ADDRESS', { person_id: person._id, field });
    return this.shown(person);
  }

  private async shown(person: PersonDoc) {
    const [whole] = await this.stops.of(person.tenant_id, [person]);
    return showPerson(whole!);
  }
}

/** Anybody may write any number; it is theirs once they have confirmed it. */
const ONESELF: Decider = {
  source: 'person',
  mayTakeBack: true,
  mayDecideForNumber: ({ phone_confirmed_at }) => Boolean(phone_confirmed_at),
};
