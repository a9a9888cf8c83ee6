import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { notTold } from '../../common/http/source-errors.js';
import { parsePhoneNumber, type NumberRules } from '../../domain/phone-number.js';
import { Departures } from '../../messages/departures.js';
import { numberRules } from '../../tenants/number-rules.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { Notifications, type Accepted, type NewNotification } from '../notifications.js';
import { Topics } from '../topics/topics.js';
import { wordsFor } from '../words.js';
import { ClientsService } from './clients.service.js';
import type { NotifyTokensDto } from './dto/notify-tokens.dto.js';
import type { NotifyTopicDto } from './dto/notify-topic.dto.js';
import type { SendSmsDto } from './dto/send-sms.dto.js';
import { invalidContact, textTooLong } from './refusals.js';

/** SMS and pushes as the source system sent them: a subject and a text, or a title and a body, and whole numbers for ids. */
@Injectable()
export class SmssService {
  constructor(
    private readonly notifications: Notifications,
    private readonly clients: ClientsService,
    private readonly departures: Departures,
    private readonly topics: Topics,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws WordedError 400, ApiError 409 */
  async sms(caller: Principal, { contact, subject, message }: SendSmsDto) {
    const { tenant } = caller;
    const settings = await this.settings.get(tenant);
    const number = numberOf(contact, numberRules(settings));
    if (number === null) throw invalidContact(contact);
    const order = { title: subject || null, text: message, audience: [{ sms: number }] };
    const { length } = [...wordsFor(order, 'sms', '').text];
    if (length > settings.max_text_length) throw textTooLong(length, settings.max_text_length);
    const { notification, messageIds } = await this.tell(caller, { ...order, series: 'message' });
    await this.clients.wasSent(tenant, number, messageIds[0]!);
    return { success: true, message_id: notification.serial!.number };
  }

  /** @throws ApiError 409 */
  async tokens(caller: Principal, { tokens, title, body }: NotifyTokensDto) {
    const audience = [tokens].flat().map((value) => ({ token: { kind: 'token' as const, value } }));
    const order = { title: title || null, text: body, audience };
    const { notification } = await this.tell(caller, { ...order, series: 'notification' });
    return { success: true, notification_id: notification.serial!.number };
  }

  /**
   * Whoever has subscribed at Firebase, and then whoever is in our topic of that name. Answers once Firebase has taken it, or keeps us waiting.
   * @throws WordedError 500 when it refuses, ApiError 409
   */
  async topic(caller: Principal, { topic, title, body }: NotifyTopicDto) {
    const { tenant } = caller;
    const order = { title: title || null, text: body, audience: [{ fcm_topic: topic }] };
    const { messageIds } = await this.tell(caller, order);
    if ((await this.departures.failureOf(tenant, messageIds)) !== null) throw notTold();
    if (await this.topics.exists(tenant, topic)) await this.tell(caller, { ...order, audience: [], topic });
    return { success: true };
  }

  private async tell(caller: Principal, order: Omit<NewNotification, 'clientId'>): Promise<Accepted> {
    const told = await this.notifications.tell(caller.tenant, { clientId: caller.id, ...order });
    await this.audit.record(caller, 'CREATE_NOTIFICATION', { notification_id: told.notification._id });
    return told;
  }
}

/** Null for what is no number with its country code. */
function numberOf(contact: string, rules: NumberRules): string | null {
  if (!contact.trim().startsWith('+')) return null;
  const parsed = parsePhoneNumber(contact, rules);
  return 'e164' in parsed ? parsed.e164 : null;
}
