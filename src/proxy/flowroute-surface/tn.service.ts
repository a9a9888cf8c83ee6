import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import type { TenantId } from '../../common/tenant-id.js';
import { possibleNumber } from '../../domain/phone-number.js';
import { Pool } from '../pool.js';
import { Sessions } from '../sessions.js';
import type { SourceValue } from './dto/source-value.js';
import { tnExists, tnInUse, tnUnknown } from './refusals.js';
import { e164Of, withoutPlus } from './source-forms.js';

/** The pool as the source system showed it: every number was Flowroute's, and served one session at a time. */
@Injectable()
export class TnService {
  constructor(
    private readonly pool: Pool,
    private readonly sessions: Sessions,
    private readonly audit: AuditService,
  ) {}

  /** @throws WordedError 400 */
  async add(caller: Principal, value: SourceValue) {
    const number = e164Of('value', value);
    const tn = { number, owner: { carrier: 'flowroute' }, channels: ['sms'], mode: 'exclusive' } as const;
    if (!(await this.pool.add(caller.tenant, tn))) throw tnExists();
    await this.audit.record(caller, 'ADD_TN', { number, carrier: 'flowroute' });
    return { message: 'Successfully added TN to pool', value: String(value) };
  }

  async list(tenant: TenantId) {
    // Closes those that have expired.
    await this.sessions.list(tenant, 'open', 1);
    const tns = await this.pool.list(tenant);
    const inUse = tns.filter(({ sessions }) => sessions > 0).length;
    return {
      virtual_tns: tns.map(({ number, sessionId }) => ({ value: withoutPlus(number), session_id: sessionId })),
      pool_size: tns.length,
      available: tns.length - inUse,
      in_use: inUse,
    };
  }

  /** @throws WordedError 404, or 400 while a session uses it */
  async remove(caller: Principal, value: SourceValue) {
    const number = possibleNumber(String(value));
    if (!number) throw tnUnknown();
    await this.removeUnused(caller.tenant, number);
    await this.audit.record(caller, 'REMOVE_TN', { number });
    return { message: 'Successfully removed TN from pool', value: String(value), status: 'succeeded' };
  }

  /** A session that has expired holds nothing: to look at it closes it. */
  private async removeUnused(tenant: TenantId, number: string): Promise<void> {
    const outcome = await this.pool.remove(tenant, number);
    if (outcome === 'removed') return;
    if (outcome === 'unknown') throw tnUnknown();
    const session = await this.sessions.get(tenant, outcome.used);
    if (session?.state === 'open') throw tnInUse(outcome.used);
    await this.removeUnused(tenant, number);
  }
}
