import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict, invalidField } from '../common/errors.js';
import { idTime } from '../common/ids.js';
import { lifeEnd } from '../domain/expiry.js';
import { fingerprint } from '../domain/fingerprint.js';
import { destinationAbroad } from '../domain/phone-number.js';
import { formatRoute, type Route } from '../domain/route.js';
import { countSegments } from '../domain/sms-segments.js';
import type { MessageDoc } from '../messages/message.js';
import { MessagesService, type Submitter } from '../messages/messages.service.js';
import { checkChannel, RouteTargets, type Target } from '../routing/targets.js';
import { OptOutLookup } from '../sending-rules/opt-out-lookup.js';
import { TemplatesService } from '../templates/templates.service.js';
import type { Settings } from '../tenants/settings.js';
import { ownZone } from '../tenants/own-zone.js';
import { SettingsService } from '../tenants/settings.service.js';
import { mustSend } from './sending-rights.js';
import type { PreparedRequest } from './prepared-request.js';
import type { ResendMessageDto } from './dto/resend-message.dto.js';
import { RequestsService } from './requests.service.js';

/** Sending a text again on purpose: a new message that names the old one. */
@Injectable()
export class ResendService {
  constructor(
    private readonly messages: MessagesService,
    private readonly requests: RequestsService,
    private readonly targets: RouteTargets,
    private readonly templates: TemplatesService,
    private readonly optOuts: OptOutLookup,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 409 while the old one may still go out by itself, and when its recipient wants no more texts. */
  async resend(caller: Submitter, id: string, { route, allow_empty_route }: ResendMessageDto, key: string | undefined) {
    const body = { resend: id, route: route ?? null, ...(allow_empty_route ? { allow_empty_route } : {}) };
    const accepted = await this.requests.acceptOnce(caller, body, key, async (requestId) => {
      const old = await this.messages.mustSee(caller, id);
      check(caller, old);
      const to = this.targets.read(route ?? old.route);
      const target = await this.targets.find(caller.tenant, to);
      if (!target) throw invalidField('route', 'names no active agent or carrier; choose another route');
      this.targets.checkServed(target, to, 'route', allow_empty_route);
      checkChannel(to, target, old.channel ?? 'sms', 'route');
      checkLength(old.text, target);
      const isExempt =
        old.template_id !== null && (await this.templates.ignoresOptOuts(caller.tenant, old.template_id));
      if (!isExempt) await this.checkOptOut(old, formatRoute(to));
      return this.prepare(caller, old, requestId, to, target, await this.settings.get(caller.tenant), isExempt);
    });
    await this.audit.record(caller, 'RESEND_MESSAGE', { message_id: id, request_id: accepted.request_id });
    return accepted;
  }

  private async checkOptOut({ tenant_id, channel, to }: MessageDoc, route: string): Promise<void> {
    const [isStopped] = await this.optOuts.stop([{ tenant_id, to, route, ...(channel ? { channel } : {}) }]);
    if (isStopped)
      throw conflict(
        'recipient_opted_out',
        'The recipient wants no more texts. See GET /opt-outs; after a START of theirs the message can be sent again.',
      );
  }

  /** It counts against the day; it is no duplicate, since somebody asked for it, but a third one would be. */
  private prepare(
    caller: Submitter,
    old: MessageDoc,
    requestId: string,
    route: Route,
    target: Target,
    settings: Settings,
    isExempt: boolean,
  ): PreparedRequest {
    const now = this.clock.now();
    const routeText = formatRoute(route);
    const destination = destinationAbroad(old.to, settings.default_country_prefix);
    if (destination && settings.max_per_day_international === 0)
      throw conflict('international_blocked', 'No texts may go abroad here (max_per_day_international is 0).');
    const keepsSim = routeText === old.route && old.sim_slot !== null;
    return {
      tenant: caller.tenant,
      clientId: caller.id,
      dailyLimit: caller.kind === 'client' ? caller.dailyLimit : null,
      duplicateMinutes: settings.anti_dup_minutes,
      onPurpose: true,
      abroadLimit: settings.max_per_day_international,
      zone: ownZone(settings),
      destinations: [destination],
      hashes: [fingerprint(old.to, old.text, undefined, old.channel)],
      segments: [old.channel ? 0 : countSegments(old.text).segments],
      request: {
        _id: requestId,
        tenant_id: caller.tenant,
        client_id: caller.id,
        template_id: old.template_id,
        content: old.text,
        is_template: false,
        agent_id: target.agentId,
        route: routeText,
        ...(route.kind === 'carrier' ? {} : { phones_online: target.online }),
        ...(old.channel ? { channel: old.channel } : {}),
        metadata: null,
        expires_at: lifeEnd(now, null, settings.message_ttl_hours * 3600),
        ttl_seconds: null,
        resend_of: old._id,
        ...(isExempt ? { ignores_opt_outs: true } : {}),
        expanded: false,
        recipients: [
          {
            to: old.to,
            priority: old.priority,
            ...(keepsSim ? { sim_slot: old.sim_slot! } : {}),
            ...(old.client_reference ? { client_reference: old.client_reference } : {}),
          },
        ],
        created_at: idTime(requestId),
      },
    };
  }
}

function checkLength(text: string, { characters }: Target): void {
  const length = [...text].length;
  if (characters !== null && length > characters)
    throw invalidField('route', `takes ${characters} characters at most; the text has ${length}`);
}

function check(caller: Submitter, old: MessageDoc): void {
  if (old.template_id !== null) mustSend(caller, 'template');
  if (old.status === 'PENDING' || old.status === 'ASSIGNED') {
    throw conflict('still_waiting', 'The message has not been sent yet and will go out by itself. Cancel it first.');
  }
  if (old.channel === 'email' || old.channel === 'push')
    throw conflict('not_resendable', 'Only an SMS and a WhatsApp message can be sent again here.');
  if (old.confidential) {
    throw conflict('confidential', 'The message has a code or a link for its recipient alone. They ask for a new one.');
  }
  if (old.text_blanked_at) {
    throw conflict(
      'text_blanked',
      'The text of the message was taken away, so there is nothing to send. Send a new one.',
    );
  }
}
