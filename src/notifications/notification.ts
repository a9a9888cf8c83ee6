import type { TenantId } from '../common/tenant-id.js';
import type { TextEncoding } from '../domain/gsm7.js';
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
  /** By language; whose language isn't there reads `title` and `text`. */
  translations?: Readonly<Record<string, Told>>;
  template_id?: string;
  /** Of its SMS, as the template had it; absent: as they were written. */
  encoding?: TextEncoding;
  /** Its messages also go to those who have opted out, as the template says. */
  ignores_opt_outs?: true;
  client_reference?: string;
  idempotency_key?: string;
  /** Of the call that has used that key. */
  body_hash?: string;
  /** In their order; null: by each person's preference. */
  ways: readonly Way[] | null;
  /** A way that was not confirmed for so long after it was sent is followed by the next. */
  escalate_after_seconds?: number;
  /** Whoever is told confirms it by a link in the text. */
  confirm?: true;
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
  /** As `domain/actor` writes them. */
  canceled_by?: string;
  created_at: Date;
}

/** What is told, in one language. */
export interface Told {
  title: string | null;
  text: string;
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
  /** Which of the ways it has come to, and since when. */
  step: number;
  step_at: Date;
  /** All that was sent by the ways so far. */
  attempts: readonly Attempt[];
  /** The ids of the messages of which more may be heard; absent when that is none. */
  following?: readonly string[];
  /** When somebody looks whether something was missed, or whether the next way's time has come; absent when there is nothing to come. */
  look_at?: Date;
  confirmed_at?: Date;
  outcome: RecipientOutcome;
  /** Why it was skipped or failed. */
  reason: string | null;
  /** Raised by every change. */
  rev: number;
  created_at: Date;
  updated_at: Date;
}
