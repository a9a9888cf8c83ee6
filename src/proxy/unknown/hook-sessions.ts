import { Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../common/clock.js';
import { invalidField } from '../../common/errors.js';
import { later, MINUTE_MILLIS } from '../../domain/time.js';
import { parsePhoneNumber } from '../../domain/phone-number.js';
import type { InboundDoc } from '../../inbound/inbound-message.js';
import { numberRules } from '../../tenants/number-rules.js';
import { SettingsService } from '../../tenants/settings.service.js';
import type { NewParticipant } from '../new-session.js';
import { Sessions } from '../sessions.js';
import type { TnDoc } from '../tn.js';
import type { HookAnswerDto } from './dto/hook-answer.dto.js';
import { Hook } from './hook.js';
import { sessionIdFor } from './unknown-text.js';

/** Sessions that a tenant's hook opens because somebody wrote. */
@Injectable()
export class HookSessions {
  private readonly logger = new Logger(HookSessions.name);

  constructor(
    private readonly hook: Hook,
    private readonly sessions: Sessions,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** The writer keeps the number that was written to. False: the hook wants none, or the pool has no number for somebody. @throws for an answer that makes no session. */
  async open(tn: TnDoc, text: InboundDoc, stopping: AbortSignal): Promise<boolean> {
    const { tenant_id: tenant, _id } = text;
    if ((await this.settings.get(tenant)).on_unknown !== 'webhook') return false;
    const answer = await this.hook.ask(tn, text, stopping);
    if (!answer?.participants) return false;
    const { friendly_name: friendlyName, expiry_minutes: minutes } = answer;
    const opened = await this.sessions.open(tenant, {
      id: sessionIdFor(_id),
      participants: await this.participants(tn, text, answer),
      numbers: 'each',
      expiresAt: minutes ? later(this.clock.now(), minutes * MINUTE_MILLIS) : null,
      ...(friendlyName ? { friendlyName } : {}),
    });
    if ('failed' in opened) throw new Error(opened.failed);
    if ('exhausted' in opened) {
      this.logger.warn({ tenant, text: _id }, 'the pool has no free number for a session that the hook wants');
      return false;
    }
    const { _id: session_id } = opened.session;
    await this.audit.recordSystem(tenant, 'on_unknown_url', 'OPEN_SESSION', { session_id, inbound_id: _id });
    return true;
  }

  private async participants({ number }: TnDoc, text: InboundDoc, { participants }: HookAnswerDto) {
    const rules = numberRules(await this.settings.get(text.tenant_id), { anyPossible: true });
    const read = participants!.map(({ address, name, channel }, i): NewParticipant => {
      const parsed = parsePhoneNumber(address, rules);
      if (!('e164' in parsed)) throw invalidField(`participants.${i}.address`, 'is not a phone number');
      return { address: parsed.e164, channel: channel ?? 'sms', ...(name ? { name } : {}) };
    });
    const isWriter = ({ address }: NewParticipant) => address === text.from;
    const writer = {
      ...read.find(isWriter),
      address: text.from,
      channel: text.channel === 'whatsapp' ? 'whatsapp' : 'sms',
      tn: number,
    } as const;
    const others = read.filter((one) => !isWriter(one));
    // The text is passed on at once, so somebody has to be there for it.
    if (others.length === 0) throw invalidField('participants', 'must be somebody beside the writer');
    return [writer, ...others];
  }
}
