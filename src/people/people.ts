import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { derivedId, newId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { quietUntil } from '../domain/quiet-hours.js';
import type { Way } from '../domain/preference.js';
import { PeopleRepository } from './people.repository.js';
import { newPerson, type PersonDoc } from './person.js';
import type { PushTokenDoc } from './push-token.js';
import { PushTokensRepository } from './push-tokens.repository.js';
import { Stops } from './stops.js';
import { UnsubscribeLinks } from './unsubscribe/unsubscribe-links.js';

/** A person with the devices that take pushes. */
export interface Reachable {
  /** `stopped` has what the opt-outs of their number add. */
  person: PersonDoc;
  /** The ways that the person has ended with their own word, whatever their number has. */
  ended: readonly Way[];
  tokens: readonly PushTokenDoc[];
}

type Token = Pick<PushTokenDoc, 'kind' | 'value'>;

/** People, as whoever tells them something needs them. */
@Injectable()
export class People {
  constructor(
    private readonly repository: PeopleRepository,
    private readonly tokens: PushTokensRepository,
    private readonly stops: Stops,
    private readonly links: UnsubscribeLinks,
    private readonly clock: Clock,
  ) {}

  /** The account's person; a new one where it has none yet. */
  async ofUser(
    tenant: TenantId,
    userId: string,
    known: Partial<Pick<PersonDoc, 'email' | 'phone'>> = {},
  ): Promise<PersonDoc> {
    const there = await this.repository.ofUser(tenant, userId);
    if (there) return there;
    const person = newPerson({
      _id: newId('per'),
      tenant_id: tenant,
      user_id: userId,
      created_at: this.clock.now(),
      ...known,
    });
    return (await this.repository.insertNew(person)) ? person : this.ofUser(tenant, userId);
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<PersonDoc[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.repository.byIds(tenant, [...new Set(ids)]);
  }

  listTokens(
    tenant: TenantId,
    page: { person_id?: string | undefined; limit: number; skip: number; after?: string | undefined },
  ): Promise<PushTokenDoc[]> {
    return this.tokens.list(tenant, page);
  }

  tokensByIds(tenant: TenantId, ids: readonly string[]): Promise<PushTokenDoc[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.tokens.byIds(tenant, ids);
  }

  /** In the order of the ids; those that don't exist are left out. */
  async reachable(tenant: TenantId, ids: readonly string[]): Promise<Reachable[]> {
    const [people, tokens] = await Promise.all([this.repository.byIds(tenant, ids), this.tokens.ofPeople(tenant, ids)]);
    const whole = await this.stops.of(tenant, people);
    const byId = new Map(whole.map((person) => [person._id, person]));
    const ended = new Map(people.map(({ _id, stopped }) => [_id, stopped]));
    return [...new Set(ids)].flatMap((id) => {
      const person = byId.get(id);
      const own = tokens.filter(({ person_id }) => person_id === id);
      return person ? [{ person, ended: ended.get(id)!, tokens: own }] : [];
    });
  }

  /** When the person's quiet hours end; null when they may be disturbed now. */
  quietUntil({ quiet_hours, time_zone }: PersonDoc, now: Date): Date | null {
    return quiet_hours && quietUntil(now, quiet_hours, time_zone ?? 'UTC');
  }

  /** A page where the person ends every way at once, without an account; null without PUBLIC_URL. */
  unsubscribeUrl(person: PersonDoc): string | null {
    return this.links.to(person);
  }

  /** One row for each token that somebody registers, in their order; it takes pushes from now on, whatever was before. */
  async registered(tenant: TenantId, given: readonly Token[]): Promise<PushTokenDoc[]> {
    await this.keep(tenant, given);
    const ids = given.map(({ kind, value }) => tokenId(tenant, kind, value));
    await this.tokens.revive(tenant, ids, this.clock.now());
    return this.tokenRows(tenant, given);
  }

  /** The same for tokens that somebody sends to, which doesn't bring a dead one back to life. */
  async kept(tenant: TenantId, given: readonly Token[]): Promise<PushTokenDoc[]> {
    await this.keep(tenant, given);
    return this.tokenRows(tenant, given);
  }

  private async keep(tenant: TenantId, given: readonly Token[]): Promise<void> {
    const now = this.clock.now();
    await this.tokens.insertMissing(
      given.map(({ kind, value }) => ({
        _id: tokenId(tenant, kind, value),
        tenant_id: tenant,
        kind,
        value,
        created_at: now,
        seen_at: now,
      })),
    );
  }

  private async tokenRows(tenant: TenantId, given: readonly Token[]): Promise<PushTokenDoc[]> {
    const values = given.map(({ value }) => value);
    const rows = await this.tokens.byValues(tenant, values);
    const byValue = new Map(rows.map((token) => [`${token.kind}:${token.value}`, token]));
    return given.map(({ kind, value }) => byValue.get(`${kind}:${value}`)!);
  }
}

/** The same for the same token, so that it has one row. */
function tokenId(tenant: TenantId, kind: string, value: string): string {
  return derivedId('tok', TOKENS, `${tenant}\0${kind}\0${value}`);
}
/** Tokens are in no order, so their ids carry no time. */
const TOKENS = `tok_${'0'.repeat(26)}`;
