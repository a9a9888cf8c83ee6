import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { SessionDoc } from '../session.js';
import { Sessions } from '../sessions.js';
import { idOfSid } from './session-shape.js';

/** The session that a path names: by its sid, or by the unique name of an open one. */
@Injectable()
export class SessionSearch {
  constructor(private readonly sessions: Sessions) {}

  /** @throws ApiError 404 */
  async find(tenant: TenantId, sid: string): Promise<SessionDoc> {
    const session = (await this.sessions.get(tenant, idOfSid(sid))) ?? (await this.sessions.named(tenant, sid));
    if (!session) throw notFound('session', sid);
    return session;
  }
}
