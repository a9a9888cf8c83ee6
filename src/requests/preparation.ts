import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { invalidField } from '../common/errors.js';
import { idTime, isId } from '../common/ids.js';
import { Config } from '../config/load-config.js';
import { lifeEnd } from '../domain/expiry.js';
import { formatRoute, type Route } from '../domain/route.js';
import type { TextRule } from '../domain/sms-text.js';
import { parseTimestamp } from '../domain/time.js';
import { ownZone } from '../tenants/own-zone.js';
import type { Submitter } from '../messages/messages.service.js';
import { checkChannel, RouteTargets, type Target } from '../routing/targets.js';
import type { TemplateDoc } from '../templates/template-doc.js';
import { TemplatesService } from '../templates/templates.service.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { Settings } from '../tenants/settings.js';
import { mustSend } from './sending-rights.js';
import type { PreparedRequest } from './prepared-request.js';
import { RecipientReader } from './recipient-reader.js';
import type { CreateRequestDto } from './dto/create-request.dto.js';

/** A request without its messages. */
export type CommonFields = Omit<CreateRequestDto, 'messages'>;
export interface Common {
  route: Route;
  target: Target;
  template: TemplateDoc | null;
  rule: TextRule;
  reader: RecipientReader;
  settings: Settings;
  now: Date;
}

/** Reads a request whole and refuses it whole. The order of the checks is the source system's. */
@Injectable()
export class Preparation {
  constructor(
    private readonly templates: TemplatesService,
    private readonly targets: RouteTargets,
    private readonly settings: SettingsService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400, 403 or 404 that names what is wrong; nothing was stored. */
  async prepare(caller: Submitter, body: CreateRequestDto, requestId: string): Promise<PreparedRequest> {
    checkContent(caller, body);
    const { messages } = body;
    if (!messages?.length) throw invalidField('messages', 'is required and must not be empty');
    checkDestination(body);
    if (messages.length > this.config.MAX_RECIPIENTS_PER_REQUEST) {
      throw invalidField(
        'messages',
        `Too many recipients: ${this.config.MAX_RECIPIENTS_PER_REQUEST} at most in one request`,
        'too_many_recipients',
      );
    }
    const { route, target, template, rule, reader, settings, now } = await this.readCommon(caller, body);
    const { variables, recipients, hashes, segments, destinations } = await reader.readAll(messages);
    const life = readLife(
      body,
      settings,
      now,
      recipients.map((recipient) => recipient.schedule_at),
    );
    return {
      tenant: caller.tenant,
      clientId: caller.id,
      dailyLimit: caller.kind === 'client' ? caller.dailyLimit : null,
      duplicateMinutes: settings.anti_dup_minutes,
      abroadLimit: settings.max_per_day_international,
      zone: ownZone(settings),
      hashes,
      segments,
      destinations,
      request: {
        _id: requestId,
        tenant_id: caller.tenant,
        client_id: caller.id,
        template_id: template?._id ?? null,
        content: rule.content,
        is_template: rule.isTemplate,
        encoding: rule.encoding,
        agent_id: route.kind === 'agent' ? route.agentId : null,
        route: formatRoute(route),
        ...(route.kind === 'carrier' ? {} : { phones_online: target.online }),
        ...(body.channel === 'whatsapp' ? { channel: body.channel } : {}),
        metadata: body.metadata ?? null,
        variables,
        ...life,
        resend_of: null,
        ...(reader.warnings.length > 0 ? { warnings: reader.warnings } : {}),
        ...(template?.ignores_opt_outs ? { ignores_opt_outs: true } : {}),
        expanded: false,
        recipients,
        created_at: idTime(requestId),
      },
    };
  }

  /**
   * The same for messages that come later, line by line: everything that they have in common, and who reads them.
   * @throws ApiError as `prepare` does.
   */
  async prepareCommon(caller: Submitter, body: CommonFields): Promise<Common> {
    checkContent(caller, body);
    checkDestination(body);
    const common = await this.readCommon(caller, body);
    readLife(body, common.settings, common.now, [common.reader.schedule]);
    return common;
  }

  private async readCommon(caller: Submitter, body: CommonFields): Promise<Common> {
    if (body.template_id !== undefined && !isId('tpl', body.template_id)) {
      throw invalidField('template_id', 'must be a template id (tpl_...)');
    }
    const route = this.readRoute(body);
    const template =
      body.template_id === undefined ? null : await this.templates.approved(caller.tenant, body.template_id);
    const field = body.agent_id === undefined ? 'route' : 'agent_id';
    const target = await this.targets.mustFind(caller.tenant, route, field);
    this.targets.checkServed(target, route, field, body.allow_empty_route);
    const channel = body.channel ?? 'sms';
    checkChannel(route, target, channel, body.channel === undefined ? field : 'channel');
    if (channel !== 'sms' && body.encoding === 'gsm7') throw invalidField('encoding', 'is for SMS alone; leave it out');
    const settings = await this.settings.get(caller.tenant);
    const now = this.clock.now();
    const rule: TextRule = {
      content: template?.content ?? body.text!,
      isTemplate: template !== null,
      encoding: channel === 'sms' ? (body.encoding ?? template?.encoding ?? 'auto') : 'auto',
    };
    const { simSlots, characters } = target;
    const reader = new RecipientReader(body, { ...rule, settings, channel, characters, simSlots, now });
    return { route, target, template, rule, reader, settings, now };
  }

  private readRoute(body: CommonFields): Route {
    if (body.agent_id === undefined) return this.targets.read(body.route!);
    if (!isId('agt', body.agent_id)) throw invalidField('agent_id', 'must be an agent id (agt_...)');
    return { kind: 'agent', agentId: body.agent_id };
  }
}

function checkContent(caller: Submitter, body: CommonFields): void {
  if (body.template_id === undefined && body.text === undefined) {
    throw invalidField('template_id', 'is required (or text, with the scope sms:send_text)');
  }
  if (body.template_id !== undefined && body.text !== undefined)
    throw invalidField('text', 'can not stand beside template_id');
  mustSend(caller, body.text === undefined ? 'template' : 'text');
}

function checkDestination(body: CommonFields): void {
  if (body.agent_id === undefined && body.route === undefined) throw invalidField('agent_id', 'is required (or route)');
  if (body.agent_id !== undefined && body.route !== undefined)
    throw invalidField('route', 'can not stand beside agent_id');
}

/** How long the messages may take: each its time to live, or all until the end that the client names. */
function readLife(
  body: CommonFields,
  settings: Settings,
  now: Date,
  schedules: readonly (Date | undefined)[],
): { expires_at: Date; ttl_seconds: number | null } {
  const last = schedules.reduce((latest: Date, at) => (at && at > latest ? at : latest), now);
  const end = body.expires_at ?? null;
  if (end === null) {
    const ttl_seconds = body.ttl_seconds ?? settings.message_ttl_hours * 3600;
    return { expires_at: lifeEnd(now, last, ttl_seconds), ttl_seconds };
  }
  if (body.ttl_seconds !== undefined) throw invalidField('ttl_seconds', 'can not stand beside expires_at');
  const at = parseTimestamp(end);
  if (!at) throw invalidField('expires_at', 'must be a date such as 2026-11-21T10:00:00Z');
  if (at <= last) throw invalidField('expires_at', 'must be later than now and than every schedule_at');
  return { expires_at: at, ttl_seconds: null };
}
