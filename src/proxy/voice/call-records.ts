import { Injectable } from '@nestjs/common';
import type { PhoneCall } from '../../carriers/carrier.js';
import { Clock } from '../../common/clock.js';
import { idMaker } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { Participant, SessionDoc } from '../session.js';
import type { CallDoc } from './call-record.js';
import { CallsRepository } from './calls.repository.js';

/** The calls in a session's history. */
@Injectable()
export class CallRecords {
  private readonly nextId: () => string;

  constructor(
    private readonly repository: CallsRepository,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('cal', () => clock.now());
  }

  /** `isNew`: not when a provider asks a second time because our first answer got lost. */
  async begin(
    { tenant_id, _id: session_id }: SessionDoc,
    { ref }: PhoneCall,
    caller: Participant,
    callees: readonly Participant[],
  ): Promise<{ id: string; isNew: boolean }> {
    const doc: CallDoc = {
      _id: this.nextId(),
      tenant_id,
      session_id,
      ref,
      caller: caller.id,
      callees: callees.map(({ id }) => id),
      started_at: this.clock.now(),
    };
    if (await this.repository.insertNew(doc)) return { id: doc._id, isNew: true };
    return { id: (await this.repository.byRef(tenant_id, ref))?._id ?? doc._id, isNew: false };
  }

  end(tenant: TenantId, { ref, seconds }: PhoneCall): Promise<void> {
    return this.repository.ended(tenant, ref, this.clock.now(), seconds);
  }

  async isUnderWay(tenant: TenantId, id: string): Promise<boolean> {
    const call = await this.repository.byId(tenant, id);
    return call !== null && call.ended_at === undefined;
  }

  /** Newest first. */
  ofSession(tenant: TenantId, sessionId: string, limit: number): Promise<CallDoc[]> {
    return this.repository.ofSession(tenant, sessionId, limit);
  }
}
