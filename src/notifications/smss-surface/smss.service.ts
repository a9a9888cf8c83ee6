import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { notTold } from '../../common/http/source-errors.js';
import { parsePhoneNumber } from '../../domain/phone-number.js';
import { Departures } from '../../messages/departures.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { Notifications } from '../notifications.js';
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
  ) {}

  /** @throws WordedError 400, ApiError 409 */
  async sms({ tenant, id }: Principal, { contact, subject, message }: SendSmsDto) {
    const settings = await this.settings.get(tenant);
    const number = numberOf(contact, settings.default_country_prefix);
    if (number === null) throw invalidContact(contact);
    const order = { clientId: id, title: subject || null, text: message, audience: [{ sms: number }] };
    const { length } = [...wordsFor(order, 'sms', '').text];
    if (length > settings.max_text_length) throw textTooLong(length, settings.max_text_length);
    const { notification, messageIds } = await this.notifications.tell(tenant, { ...order, series: 'message' });
    await this.clients.wasSent(tenant, number, messageIds[0]!);
    return { success: true, message_id: notification.serial!.number };
  }

  /** @throws ApiError 409 */
  async tokens({ tenant, id }: Principal, { tokens, title, body }: NotifyTokensDto) {
    const audience = [tokens].flat().map((value) => ({ token: { kind: 'token' as const, value } }));
    const order = { clientId: id, title: title || null, text: body, audience };
    const { notification } = await this.notifications.tell(tenant, { ...order, series: 'notification' });
    return { success: true, notification_id: notification.serial!.number };
  }

  /**
   * Whoever has subscribed at Firebase, and then whoever is in our topic of that name. Answers once Firebase has taken it, or keeps us waiting.
   * @throws WordedError 500 when it refuses, ApiError 409
   */
  async topic({ tenant, id }: Principal, { topic, title, body }: NotifyTopicDto) {
    const order = { clientId: id, title: title || null, text: body, audience: [{ fcm_topic: topic }] };
    const { messageIds } = await this.notifications.tell(tenant, order);
    if ((await this.departures.failureOf(tenant, messageIds)) !== null) throw notTold();
    if (await this.topics.exists(tenant, topic))
      await this.notifications.tell(tenant, { ...order, audience: [], topic });
    return { success: true };
  }
}

/** Null for what is no number with its country code. */
function numberOf(contact: string, defaultPrefix: string): string | null {
  if (!contact.trim().startsWith('+')) return null;
  const parsed = parsePhoneNumber(contact, { defaultPrefix, blockInternational: false });
  return 'e164' in parsed ? parsed.e164 : null;
}
