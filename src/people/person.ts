import type { TenantId } from '../common/tenant-id.js';
import { WAYS, type Preference, type Way } from '../domain/preference.js';
import type { QuietHours } from '../domain/quiet-hours.js';

/** Somebody who is told things. Users have one each, made when it is first needed; a person needs no account. */
export interface PersonDoc {
  _id: string;
  tenant_id: TenantId;
  /** The account; one person each. */
  user_id?: string;
  name: string | null;
  email: string | null;
  /** A provider has said that nobody is at this address any more; a new address ends it. */
  email_dead?: { code: string; at: Date };
  email_confirmed_at?: Date;
  /** E.164. */
  phone: string | null;
  phone_confirmed_at?: Date;
  /** Of texts, as a BCP 47 tag; null: the tenant's. */
  language: string | null;
  /** IANA; null: UTC. */
  time_zone: string | null;
  preference: Preference;
  quiet_hours: QuietHours | null;
  /** Ways that the person has ended. */
  stopped: readonly Way[];
  /** Raised by every change. */
  rev: number;
  created_at: Date;
  updated_at: Date;
}

/** A new person, as the source system's new users: told by e-mail. */
export function newPerson(of: Pick<PersonDoc, '_id' | 'tenant_id' | 'created_at'> & Partial<PersonDoc>): PersonDoc {
  return {
    name: null,
    email: null,
    phone: null,
    language: null,
    time_zone: null,
    preference: 'email',
    quiet_hours: null,
    stopped: [],
    rev: 1,
    updated_at: of.created_at,
    ...of,
  };
}

/** Ways for which there is an address that works. */
export function addressed({ email, email_dead, phone }: PersonDoc, hasToken: boolean): Way[] {
  const has = { email: email !== null && !email_dead, sms: phone !== null, push: hasToken };
  return WAYS.filter((way) => has[way]);
}
