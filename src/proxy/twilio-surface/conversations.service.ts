import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { notFound } from '../../common/errors.js';
import { notCreated } from '../../common/http/source-errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import { Config } from '../../config/load-config.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { Sessions, type NewSession } from '../sessions.js';
import type { SessionDoc } from '../session.js';
import { readAddress, readAddresses } from './addresses.js';
import { readBooking } from './booking.js';
import { ConversationHistory } from './conversation-history.js';
import type { CreateSessionDto } from './dto/create-session.dto.js';
import { inOurWords, noNumberFor } from './refusals.js';
import { SessionSearch } from './session-search.js';
import { showSession, showSide } from './session-shape.js';
import { timerSeconds } from './timers.js';

/** Sessions as the source system had them: one to fifty people, each with a number of the pool. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly search: SessionSearch,
    private readonly history: ConversationHistory,
    private readonly audit: AuditService,
    private readonly settings: SettingsService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400, and 500 when it can't be opened; then nothing is left of it. */
  async create(caller: Principal, body: CreateSessionDto) {
    const opened = await inOurWords(this.sessions.open(caller.tenant, await this.read(caller.tenant, body)));
    if ('exhausted' in opened) throw noNumberFor(opened.exhausted);
    if ('failed' in opened) throw notCreated(opened.failed);
    await this.audit.record(caller, 'OPEN_SESSION', { session_id: opened.session._id });
    return this.show(opened.session);
  }

  async list(tenant: TenantId, limit: number) {
    return (await this.sessions.list(tenant, 'any', limit)).map((session) => this.show(session));
  }

  /** @throws ApiError 404 */
  async get(tenant: TenantId, sid: string) {
    return this.show(await this.search.find(tenant, sid));
  }

  /** @throws ApiError 404 */
  async messages(caller: Principal, sid: string) {
    return this.history.of(caller, await this.search.find(caller.tenant, sid));
  }

  /** @throws ApiError 404, also for one that is closed: that is final. */
  async close(caller: Principal, sid: string) {
    const { _id } = await this.search.find(caller.tenant, sid);
    const closed = await this.sessions.close(caller.tenant, _id);
    if (!closed) throw notFound('session', sid);
    await this.audit.record(caller, 'CLOSE_SESSION', { session_id: closed._id });
    return this.show(closed);
  }

  /** @throws ApiError 404 */
  async participant(tenant: TenantId, address: string, proxyAddress: string) {
    const [person, proxy] = [readAddress(address)?.address, readAddress(proxyAddress)?.address];
    const session = person && proxy ? await this.sessions.taking(tenant, proxy, person) : null;
    const side = session?.participants.find((one) => one.address === person && one.tn === proxy && !one.left_at);
    if (!session || !side) throw notFound('participant', `${address} at ${proxyAddress}`);
    return showSide(session, side, this.clock.now());
  }

  async ofPerson(tenant: TenantId, phoneNumber: string) {
    const person = readAddress(phoneNumber)?.address;
    const sessions = person ? await this.sessions.ofAddress(tenant, person) : [];
    return sessions.flatMap((session) =>
      session.participants
        .filter(({ address, left_at }) => address === person && !left_at)
        .map((side) => showSide(session, side, this.clock.now())),
    );
  }

  private async read(tenant: TenantId, body: CreateSessionDto): Promise<NewSession> {
    const { attributes, friendlyName, uniqueName, timers } = body;
    const { CONVERSATION_SESSION_TIMEOUT_IN_MINUTES: quiet, CONVERSATION_SESSION_CLOSED_IN_MINUTES: closed } =
      this.config;
    const quietSeconds = timerSeconds('inactive', timers?.inactive ?? body['timers.inactive'] ?? quiet);
    const inactiveSeconds = timerSeconds('closed', timers?.closed ?? body['timers.closed'] ?? closed);
    const participants = readAddresses([body.addresses ?? [], body.address ?? []].flat());
    // The source system told nobody; but who is alone has nobody else to tell them by which number others will write.
    const isAlone = participants.length === 1;
    return {
      participants,
      numbers: 'each',
      ...readBooking(body, this.clock.now()),
      ...(isAlone ? { startText: (await this.settings.get(tenant)).session_start_msg } : {}),
      ...(quietSeconds === undefined ? {} : { quietSeconds }),
      ...(inactiveSeconds === undefined ? {} : { inactiveSeconds }),
      ...(attributes ? { attributes } : {}),
      ...(friendlyName ? { friendlyName } : {}),
      ...(uniqueName ? { uniqueName } : {}),
    };
  }

  private show(session: SessionDoc) {
    return showSession(session, this.clock.now());
  }
}
