import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict, invalidField } from '../common/errors.js';
import { idTime } from '../common/ids.js';
import { lifeEnd } from '../domain/expiry.js';
import { fingerprint } from '../domain/fingerprint.js';
import { formatRoute, type Route } from '../domain/route.js';
import { countSegments } from '../domain/sms-segments.js';
import type { MessageDoc } from '../messages/message.js';
import { MessagesService, type Submitter } from '../messages/messages.service.js';
import { checkChannel, RouteTargets, type Target } from '../routing/targets.js';
import type { Settings } from '../tenants/settings.js';
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
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 409 while the old one may still go out by itself. */
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
      return this.prepare(caller, old, requestId, to, target, await this.settings.get(caller.tenant));
    });
    await this.audit.record(caller, 'RESEND_MESSAGE', { message_id: id, request_id: accepted.request_id });
    return accepted;
  }

  /** It counts against the day; it is no duplicate, since somebody asked for it, but a third one would be. */
  private prepare(
    caller: Submitter,
    old: MessageDoc,
    requestId: string,
    route: Route,
    target: Target,
    settings: Settings,
  ): PreparedRequest {
    const now = this.clock.now();
    const routeText = formatRoute(route);
    const keepsSim = routeText === old.route && old.sim_slot !== null;
    return {
      tenant: caller.tenant,
      clientId: caller.id,
      dailyLimit: caller.kind === 'client' ? caller.dailyLimit : null,
      duplicateMinutes: settings.anti_dup_minutes,
      onPurpose: true,
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
  if (old.text_blanked_at) {
    throw conflict(
      'text_blanked',
      'The text of the message was taken away, so there is nothing to send. Send a new one.',
    );
  }
}
