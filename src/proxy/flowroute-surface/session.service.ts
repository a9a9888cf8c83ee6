import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { ApiError } from '../../common/errors.js';
import { dispatchFailed } from '../../common/http/source-errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import { later, MINUTE_MILLIS } from '../../domain/time.js';
import { SettingsService } from '../../tenants/settings.service.js';
import type { SessionDoc } from '../session.js';
import { Sessions, type NewSession, type Opened } from '../sessions.js';
import type { OpenSessionDto } from './dto/open-session.dto.js';
import { noTnFree, sessionUnknown, wrongField } from './refusals.js';
import { e164Of, sourceTime, withoutPlus } from './source-forms.js';

const PAGE = 500;
const FIELDS = ['participant_a', 'participant_b'] as const;

/** Sessions as the source system had them: two people, one number. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: Sessions,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws WordedError 400, and 500 when the texts can't be sent; then nothing is left of it. */
  async open(caller: Principal, body: OpenSessionDto) {
    const { tenant } = caller;
    const settings = await this.settings.get(tenant);
    const opened = await this.tryOpen(tenant, {
      participants: FIELDS.map((field) => ({ address: e164Of(field, body[field]), channel: 'sms' })),
      numbers: 'one',
      expiresAt: this.expiry(body.expiry_window),
      startText: settings.session_start_msg,
    });
    if ('exhausted' in opened) throw noTnFree();
    if ('failed' in opened) throw dispatchFailed(opened.failed);
    const { _id, expires_at, participants } = opened.session;
    await this.audit.record(caller, 'OPEN_SESSION', { session_id: _id });
    return {
      message: 'Created new session',
      status: 'succeeded',
      session_id: _id,
      expiry_date: expires_at && sourceTime(expires_at),
      virtual_tn: withoutPlus(participants[0]!.tn),
      participant_a: String(body.participant_a),
      participant_b: String(body.participant_b),
    };
  }

  /** Those of this form: others have no place in its answer. */
  async list(tenant: TenantId) {
    const sessions = (await this.openOnes(tenant)).filter(isPair).map((session) => ({
      id: session._id,
      date_created: sourceTime(session.created_at),
      virtual_tn: withoutPlus(session.participants[0]!.tn),
      participant_a: withoutPlus(session.participants[0]!.address),
      participant_b: withoutPlus(session.participants[1]!.address),
      expiry_date: session.expires_at && sourceTime(session.expires_at),
    }));
    return { total_sessions: sessions.length, sessions };
  }

  /** @throws WordedError 404 */
  async end(caller: Principal, id: string) {
    const settings = await this.settings.get(caller.tenant);
    if (!(await this.sessions.close(caller.tenant, id, settings.session_end_msg))) throw sessionUnknown(id);
    await this.audit.record(caller, 'CLOSE_SESSION', { session_id: id });
    return { message: 'Successfully ended the session.', status: 'succeeded', session_id: id };
  }

  private async tryOpen(tenant: TenantId, order: NewSession): Promise<Opened> {
    try {
      return await this.sessions.open(tenant, order);
    } catch (error) {
      throw error instanceof ApiError ? asWorded(error) : error;
    }
  }

  private expiry(minutes: OpenSessionDto['expiry_window']): Date | null {
    const window = Number(minutes ?? 0);
    return window === 0 ? null : later(this.clock.now(), window * MINUTE_MILLIS);
  }

  private async openOnes(tenant: TenantId): Promise<SessionDoc[]> {
    const all: SessionDoc[] = [];
    for (;;) {
      const page = await this.sessions.list(tenant, 'open', PAGE, all.length);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }
}

function isPair({ participants: [a, b, ...others] }: SessionDoc): boolean {
  return others.length === 0 && a !== undefined && a.tn === b?.tn;
}

/** What is wrong with a participant is told of the field that this surface has for it. */
function asWorded(error: ApiError): ApiError {
  const [first] = error.details;
  const [, place] = /^participants\.(\d)\./.exec(first?.field ?? '') ?? [];
  return first && place ? wrongField(FIELDS[Number(place)]!, first.message) : error;
}
