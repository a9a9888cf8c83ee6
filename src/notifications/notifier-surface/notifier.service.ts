import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { User } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { WordedError } from '../../common/http/source-errors.js';
import { isoIn, UTC } from '../../domain/time.js';
import { addressed, type PersonDoc } from '../../people/person.js';
import { PushTokensRepository } from '../../people/push-tokens.repository.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { Notifications } from '../notifications.js';
import { wordsFor } from '../words.js';
import { tooLong } from './field-readers.js';
import { preferenceOf, prefOf, type Notice, type Wanted } from './notifier-body.js';
import { Profiles } from './profiles.js';

/** In the words of the source system, to the letter. */
const NONE =
  "Notification preference is saved as 'None' for this user.Use POST /preference/ endpoint to set a preference to email or sms";
const NO_ADDRESS = {
  email: 'No email stored for this user. Use POST /preference/ endpoint to set email',
  sms: 'No phone number stored for this user. Use POST /preference/ endpoint to set phone',
  push: 'No device stored for this user. Open the page /push on one and register it',
};

/** A user's own preferences and notifications to themselves, as the source system had them. */
@Injectable()
export class NotifierService {
  constructor(
    private readonly profiles: Profiles,
    private readonly tokens: PushTokensRepository,
    private readonly notifications: Notifications,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async show(user: User) {
    return shown(user, await this.profiles.of(user));
  }

  async change(user: User, { notify_pref, ...addresses }: Wanted) {
    const preference = notify_pref === undefined ? {} : { preference: preferenceOf(notify_pref) };
    const changes = { ...addresses, ...preference };
    if (Object.keys(changes).length === 0) return this.show(user);
    const person = await this.profiles.change(user, changes);
    await this.audit.record(user, 'UPDATE_PERSON', { person_id: person._id, fields: Object.keys(changes) });
    return shown(user, person);
  }

  /** @throws WordedError 400, ApiError 409 when nothing sends by the user's way. */
  async notify(user: User, notice: Notice) {
    const { preference, email, phone, ...rest } = await this.profiles.of(user);
    if (preference === 'none') return [NONE];
    const has = addressed({ preference, email, phone, ...rest }, await this.hasDevice(rest));
    if (!has.includes(preference)) throw new WordedError(400, [NO_ADDRESS[preference]]);
    const { title, text, sendtime } = notice;
    const words = { title: title ?? null, text };
    if (preference === 'sms') await this.checkLength(user, words);
    const { _id: person } = await this.profiles.stored(user);
    const sendAt = sendtime && sendtime > this.clock.now() ? sendtime : null;
    const audience = [{ person, preference }];
    const order = { clientId: user.id, ...words, audience, sendAt };
    const { notification } = await this.notifications.tell(user.tenant, order);
    await this.audit.record(user, 'CREATE_NOTIFICATION', { notification_id: notification._id });
    return {
      ...(title === undefined ? {} : { title }),
      text,
      ...(sendtime ? { sendtime: isoIn(sendtime, UTC) } : {}),
      ...(preference === 'email' ? { email: email! } : {}),
      ...(preference === 'sms' ? { phone: asInteger(phone) } : {}),
    };
  }

  private async hasDevice({ tenant_id, _id }: Pick<PersonDoc, 'tenant_id' | '_id'>): Promise<boolean> {
    return (await this.tokens.ofPeople(tenant_id, [_id])).length > 0;
  }

  private async checkLength({ tenant }: User, words: { title: string | null; text: string }): Promise<void> {
    const { max_text_length: most } = await this.settings.get(tenant);
    if ([...wordsFor(words, 'sms', '').text].length > most) throw new WordedError(400, { text: [tooLong(most)] });
  }
}

function shown({ username }: User, { preference, email, phone }: PersonDoc) {
  return { username, notify_pref: prefOf(preference), email: email ?? '', phone: asInteger(phone) };
}

function asInteger(e164: string | null): number | null {
  return e164 === null ? null : Number(e164.slice(1));
}
