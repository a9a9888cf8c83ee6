import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { AuditService, type SystemActor } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { busy } from '../common/errors.js';
import { registrationCodeId } from '../counters/counter-ids.js';
import { RegistrationCodesRepository, type RegistrationCodeDoc } from '../counters/registration-codes.repository.js';
import { DAY_MILLIS, later, MINUTE_MILLIS } from '../domain/time.js';

/** Apps let people type digits, six of them. A million codes, some open for ten minutes: the throttle of registrations guards them. */
const DIGITS = 6;
const LIVES_MILLIS = 10 * MINUTE_MILLIS;
const TRIES = 20;

export interface Welcome {
  label: string | null;
  group: string | null;
}

/** Codes with each of which one new phone joins a tenant. */
@Injectable()
export class RegistrationCodes {
  constructor(
    private readonly repository: RegistrationCodesRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async issue(caller: User | SystemActor, { label, group }: Welcome): Promise<{ code: string; expires_at: Date }> {
    const now = this.clock.now();
    const expires_at = later(now, LIVES_MILLIS);
    await this.audit.recordFirst(caller, 'ISSUE_REGISTRATION_CODE', { label, group });
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
      const isNew = await this.repository.insert({
        _id: registrationCodeId(code),
        tenant_id: caller.tenant,
        kind: 'code',
        label,
        group,
        issued_by: caller.id,
        expires_at,
        used_at: null,
        // A used code isn't issued again for a day: who types an old one by mistake joins nobody else's tenant.
        purge_at: later(now, DAY_MILLIS),
      });
      if (isNew) return { code, expires_at };
    }
    throw busy('Too many registration codes are open. Try again in some minutes.', 60);
  }

  /** For the new phone that will have this id. Null: it is wrong, used or too old. */
  use(code: string, agentId: string): Promise<RegistrationCodeDoc | null> {
    return this.repository.use(registrationCodeId(code.trim()), agentId, this.clock.now());
  }

  /** The phone that it was used for, which may be a moment before the phone is stored, and when it can't be used any more. */
  async look(code: string): Promise<{ agentId: string | null; expiresAt: Date } | null> {
    const found = await this.repository.byId(registrationCodeId(code));
    return found && { agentId: found.agent_id ?? null, expiresAt: found.expires_at };
  }
}
