import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { invalidField } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { renderTemplate, type Variables } from '../domain/template.js';
import { DAY_MILLIS, parseTimestamp } from '../domain/time.js';
import { TemplatesService } from '../templates/templates.service.js';
import { SettingsService } from '../tenants/settings.service.js';
import { AudienceReader } from './audience-reader.js';
import { ConfirmLinks } from './confirming/confirm-links.js';
import type { CreateNotificationDto } from './dto/create-notification.dto.js';
import type { Told } from './notification.js';
import type { NewNotification } from './notifications.js';

const FURTHEST_MILLIS = 366 * DAY_MILLIS;

type Texts = Pick<NewNotification, 'title' | 'text' | 'translations' | 'templateId' | 'encoding' | 'ignoresOptOuts'>;

/** Reads what a caller wants told, whole, and refuses it whole. */
@Injectable()
export class OrderReader {
  constructor(
    private readonly audiences: AudienceReader,
    private readonly templates: TemplatesService,
    private readonly settings: SettingsService,
    private readonly links: ConfirmLinks,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400 or 404 that names what is wrong. */
  async read(tenant: TenantId, clientId: string, body: CreateNotificationDto): Promise<NewNotification> {
    const { escalate_after_seconds, client_reference } = body;
    if (body.confirm && !this.links.areKnown)
      throw invalidField('confirm', 'needs the address of this gateway for its link: set PUBLIC_URL');
    const ways = oneOf(body, 'channels', 'ways') ?? null;
    const sendAt = this.readTime(body);
    const texts = await this.readTexts(tenant, body);
    const { audience, topic } = await this.audiences.read(tenant, body.to);
    return {
      clientId,
      ...texts,
      audience,
      ...(topic === undefined ? {} : { topic }),
      ways,
      critical: body.critical ?? false,
      sendAt,
      ...(body.confirm ? { confirm: true } : {}),
      ...(escalate_after_seconds === undefined ? {} : { escalateAfterSeconds: escalate_after_seconds }),
      ...(client_reference === undefined ? {} : { clientReference: client_reference }),
    };
  }

  /** Null: at once. */
  private readTime(body: CreateNotificationDto): Date | null {
    const text = oneOf(body, 'send_at', 'sendtime') ?? null;
    if (text === null) return null;
    const field = body.send_at === undefined ? 'sendtime' : 'send_at';
    const at = parseTimestamp(text);
    if (!at) throw invalidField(field, 'must be a date such as 2026-11-21T10:00:00+07:00');
    const now = this.clock.now();
    if (at.getTime() > now.getTime() + FURTHEST_MILLIS) throw invalidField(field, 'is more than a year away');
    return at > now ? at : null;
  }

  private async readTexts(tenant: TenantId, body: CreateNotificationDto): Promise<Texts> {
    const { text, title = null, template_id, variables = {} } = body;
    if (text === undefined && template_id === undefined) throw invalidField('text', 'is required (or template_id)');
    if (text !== undefined && template_id !== undefined) throw invalidField('text', 'can not stand beside template_id');
    const read = template_id === undefined ? { title, text: text! } : await this.fromTemplate(tenant, body, variables);
    const { max_text_length: most } = await this.settings.get(tenant);
    for (const told of [read, ...Object.values(read.translations ?? {})]) {
      if ([...told.text].length > most) throw invalidField('text', `has more than ${most} characters`, 'text_too_long');
    }
    return read;
  }

  /** A title of the call stands in every language; else each has that of the template. */
  private async fromTemplate(tenant: TenantId, body: CreateNotificationDto, variables: Variables): Promise<Texts> {
    const template = await this.templates.approved(tenant, body.template_id!);
    const fill = (content: { content: string; title?: string | undefined }): Told => {
      const title = body.title ?? content.title ?? template.title;
      return { title: title === undefined ? null : render(title, variables), text: render(content.content, variables) };
    };
    const translations = Object.entries(template.translations ?? {}).map(([tag, one]) => [tag, fill(one)] as const);
    return {
      ...fill(template),
      ...(translations.length > 0 ? { translations: Object.fromEntries(translations) } : {}),
      templateId: template._id,
      ...(template.encoding ? { encoding: template.encoding } : {}),
      ...(template.ignores_opt_outs ? { ignoresOptOuts: true as const } : {}),
    };
  }
}

function render(content: string, variables: Variables): string {
  const rendered = renderTemplate(content, variables);
  if ('missing' in rendered)
    throw invalidField(`variables.${rendered.missing}`, `Missing variable ${rendered.missing}`);
  return rendered.text;
}

/** One field under two names. */
function oneOf<T extends object, A extends keyof T & string, B extends keyof T & string>(
  body: T,
  name: A,
  other: B,
): T[A] | T[B] | undefined {
  if (body[name] !== undefined && body[other] !== undefined)
    throw invalidField(other, `can not stand beside ${name}, which means the same`);
  return body[name] ?? body[other];
}
