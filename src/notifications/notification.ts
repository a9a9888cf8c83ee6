import type { TenantId } from '../common/tenant-id.js';
import type { Preference, Way } from '../domain/preference.js';
import type { PushTokenDoc } from '../people/push-token.js';

/** To whom: a person, who is told by preference, or an address whoever it belongs to. */
export type Audience =
  | { person: string; preference?: Preference }
  | { email: string }
  | { sms: string }
  | { token: Pick<PushTokenDoc, 'kind' | 'value'> }
  /** Whoever has subscribed at Google itself: one push, and nobody here knows to whom it goes. */
  | { fcm_topic: string };

/** Something told to people. It is the intent, stored before anything is sent: a worker ends what a gateway began. */
export interface NotificationDoc {
  _id: string;
  tenant_id: TenantId;
  /** For callers that want whole numbers: unique in its series. */
  serial?: { series: 'notification' | 'message'; number: number };
  /** Who asked for it: an API key's id or a user's. */
  client_id: string;
  title: string | null;
  /** Empty once the tenant's days for texts are over. */
  text: string;
  text_blanked_at?: Date;
  /** In their order; null: by each person's preference. */
  ways: readonly Way[] | null;
  /** Also in quiet hours, and to whoever prefers to be told nothing. */
  critical: boolean;
  /** Not before then; null: at once. */
  send_at: Date | null;
  /** Everybody in this topic at the time of sending; the inline audience is told as well. */
  topic?: string;
  /** Absent once all of them have their messages. */
  audience?: readonly Audience[];
  /** Where the audience has been gone through to; absent at its beginning. */
  place?: string;
  /** When a worker goes on with the audience; absent once everybody in it has their messages. */
  due_at?: Date;
  canceled_at?: Date;
  created_at: Date;
}

export const OUTCOMES = ['waiting', 'sent', 'delivered', 'confirmed', 'failed', 'skipped', 'canceled'] as const;
export type RecipientOutcome = (typeof OUTCOMES)[number];

/** One message to one address of a recipient's. */
export interface Attempt {
  message_id: string;
  way: Way;
  to: string;
  token_id?: string;
}

/** What becomes of a notification for one of its audience. */
export interface RecipientDoc {
  /** Of the notification's time, and the same for the same audience, so that nobody is told twice. */
  _id: string;
  tenant_id: TenantId;
  notification_id: string;
  person_id?: string;
  /** The ways to try, one after the other. */
  ways: readonly Way[];
  /** All that was sent by the ways so far. */
  attempts: readonly Attempt[];
  outcome: RecipientOutcome;
  /** Why it was skipped or failed. */
  reason: string | null;
  /** Raised by every change. */
  rev: number;
  created_at: Date;
  updated_at: Date;
}
