import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { SessionDoc } from '../session.js';
import { Sessions } from '../sessions.js';
import { idOfSid } from '../twilio-surface/session-shape.js';
import type { CallDoc } from './call-record.js';
import { CallRecords } from './call-records.js';

const MOST = 500;

/** The calls of a session as they are shown: by the numbers that people see, never by their own. */
@Injectable()
export class SessionCallsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly records: CallRecords,
  ) {}

  /** Oldest first. @throws ApiError 404 */
  async list(tenant: TenantId, sid: string) {
    const session = await this.sessions.get(tenant, idOfSid(sid));
    if (!session) throw notFound('session', sid);
    const newest = await this.records.ofSession(tenant, session._id, MOST);
    return newest.toReversed().map((call) => show(call, session));
  }
}

function show({ _id, ref, caller, callees, started_at, ended_at, seconds }: CallDoc, { participants }: SessionDoc) {
  const side = (id: string) => ({
    participantSid: id,
    proxyAddress: participants.find((one) => one.id === id)?.tn ?? '',
  });
  return {
    sid: _id,
    callSid: ref,
    caller: side(caller),
    callees: callees.map(side),
    dateCreated: started_at.toISOString(),
    dateEnded: ended_at?.toISOString() ?? null,
    duration: seconds ?? null,
  };
}
