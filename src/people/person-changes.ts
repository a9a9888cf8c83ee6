import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { conflict, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Update } from '../database/query.js';
import { PeopleRepository } from './people.repository.js';
import { newPerson, type PersonDoc } from './person.js';
import { Stops, type Decider } from './stops.js';
import { PersonReader, type PersonFields, type TypedPerson } from './typed-person.js';

/** How often a change is judged anew because another was faster. */
const TRIES = 5;

/** New people and changes of people, whoever asks for them. */
@Injectable()
export class PersonChanges {
  constructor(
    private readonly repository: PeopleRepository,
    private readonly reader: PersonReader,
    private readonly stops: Stops,
    private readonly clock: Clock,
  ) {}

  async create(tenant: TenantId, typed: TypedPerson, by: Decider): Promise<PersonDoc> {
    const fields = await this.reader.read(tenant, typed);
    const person = newPerson({ _id: newId('per'), tenant_id: tenant, created_at: this.clock.now(), ...fields });
    if (fields.stopped) await this.stops.choose({ ...person, stopped: [] }, fields.stopped, by);
    await this.repository.insertNew(person);
    return person;
  }

  /** @throws ApiError 400, 403, 404, or 409 when others keep changing the same person. */
  async change(tenant: TenantId, id: string, typed: TypedPerson, by: Decider): Promise<PersonDoc> {
    const fields = await this.reader.read(tenant, typed);
    return this.write(tenant, id, async (seen) => {
      if (fields.stopped) await this.stops.choose(withFields(seen, fields), fields.stopped, by);
      return changed(seen, fields);
    });
  }

  /** Writes what `judge` makes of the person, again when it was changed meanwhile. Null: nothing is to be written. */
  async write(
    tenant: TenantId,
    id: string,
    judge: (seen: PersonDoc) => Update | null | Promise<Update | null>,
  ): Promise<PersonDoc> {
    for (let i = 0; i < TRIES; i++) {
      const seen = await this.repository.byId(tenant, id);
      if (!seen) throw notFound('person', id);
      const update = await judge(seen);
      if (!update) return seen;
      const written = await this.repository.change(seen, {
        ...update,
        $set: { ...update.$set, updated_at: this.clock.now() },
      });
      if (written) return written;
    }
    throw conflict('person_changed', 'Others are changing the same person. Try again.');
  }
}

/** The person with a new address, which nobody has confirmed. */
function withFields(seen: PersonDoc, fields: PersonFields): PersonDoc {
  const { phone_confirmed_at, ...rest } = { ...seen, ...fields };
  const isConfirmed = phone_confirmed_at && rest.phone === seen.phone;
  return isConfirmed ? { ...rest, phone_confirmed_at } : rest;
}

/** Nobody has confirmed a new address, and a new one isn't dead. */
export function changed(seen: PersonDoc, fields: PersonFields): Update {
  const { email = seen.email, phone = seen.phone } = fields;
  return {
    $set: { ...fields },
    $unset: {
      ...(email === seen.email ? {} : { email_confirmed_at: '' as const, email_dead: '' as const }),
      ...(phone === seen.phone ? {} : { phone_confirmed_at: '' as const }),
    },
  };
}
