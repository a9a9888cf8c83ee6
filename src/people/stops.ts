import { Injectable } from '@nestjs/common';
import { conflict, forbidden } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Way } from '../domain/preference.js';
import { RouteChoice } from '../routing/route-choice.js';
import { OptOutLookup } from '../sending-rules/opt-out-lookup.js';
import { OptOuts } from '../sending-rules/opt-outs.js';
import { PeopleRepository } from './people.repository.js';
import type { PersonDoc } from './person.js';

/** Who decides which ways of a person end. */
export interface Decider {
  source: 'admin' | 'person';
  /** Whoever sends may say that somebody wants no more, but not the opposite. */
  mayTakeBack: boolean;
  /** Whether they may decide for the number as well: it is theirs, or they administer the tenant. */
  mayDecideForNumber(person: PersonDoc): boolean;
}

/**
 * The ways that people have ended. A number that has opted out is the SMS way of everybody with that number: this is read from the opt-outs
 * and not kept twice. What a person has ended without a word to a number is kept with them, and a START of their number takes it back.
 */
@Injectable()
export class Stops {
  constructor(
    private readonly people: PeopleRepository,
    private readonly optOuts: OptOuts,
    private readonly lookup: OptOutLookup,
    private readonly routes: RouteChoice,
  ) {
    optOuts.whenTakenBack((tenant, number) => this.smsTakenBack(tenant, number));
  }

  /** The same people with every way that has ended; one look-up for 500 of them, none where nobody has opted out. */
  async of(tenant: TenantId, people: readonly PersonDoc[]): Promise<PersonDoc[]> {
    const optedOut = await this.optedOut(tenant, people);
    return people.map((person, i) =>
      optedOut[i] && !person.stopped.includes('sms') ? { ...person, stopped: [...person.stopped, 'sms'] } : person,
    );
  }

  /**
   * From now on these and no others have ended. Does what that means for the person's number; the person is written by the caller.
   * @throws ApiError 403 or 409 for what `by` may not take back.
   */
  async choose(person: PersonDoc, wanted: readonly Way[], by: Decider): Promise<void> {
    const { tenant_id: tenant, phone, stopped } = person;
    const [optedOut = false] = await this.optedOut(tenant, [person]);
    const takesBack = [...stopped, ...(optedOut ? (['sms'] as const) : [])].some((way) => !wanted.includes(way));
    if (takesBack && !by.mayTakeBack)
      throw forbidden('Only an administrator, or the person, can take back what the person has ended (stopped).');
    if (phone === null) return;
    if (optedOut && !wanted.includes('sms')) {
      if (!by.mayDecideForNumber(person))
        throw conflict(
          'phone_not_confirmed',
          'The number has opted out. Confirm that it is yours (POST /me/person/confirm-phone), or text START from it.',
          [{ field: 'stopped', message: 'can be taken back for a confirmed number only' }],
        );
      await this.optOuts.remove(tenant, phone, 'all');
    }
    if (wanted.includes('sms') && by.mayDecideForNumber(person)) {
      await this.optOuts.add(tenant, [{ number: phone, sender: null, source: by.source }]);
      await this.optOuts.failWaiting(tenant, phone);
    }
  }

  private async optedOut(tenant: TenantId, people: readonly PersonDoc[]): Promise<boolean[]> {
    const none = people.map(() => false);
    if (people.every(({ phone }) => phone === null) || !(await this.lookup.isUsed(tenant))) return none;
    // An opt-out may hold for one sender: the one by whom a text would come now.
    const route = (await this.routes.choose(tenant, 'sms')) ?? '';
    const texts = people.map(({ phone }) => ({ tenant_id: tenant, channel: 'sms' as const, to: phone ?? '', route }));
    return this.lookup.stop(texts);
  }

  private async smsTakenBack(tenant: TenantId, number: string): Promise<void> {
    for (const person of await this.people.withPhone(tenant, number)) await this.people.restart(person, 'sms');
  }
}
