import { HOUR_MILLIS, later } from '../domain/time.js';
import type { Update } from '../database/query.js';
import { fateOf, hasFailed, mayChange, outcomeOfAll, type Fate } from '../domain/telling.js';
import type { MessageState } from '../messages/messages.repository.js';
import type { Settings } from '../tenants/settings.js';
import type { Attempt, NotificationDoc, RecipientDoc } from './notification.js';
import { NO_ROUTE } from './plans.js';
import { FIRST_LOOK_MILLIS } from './sending.js';

const LONGEST_LOOK_MILLIS = HOUR_MILLIS;

/** What to think of a message that an attempt names and that isn't there. */
export class NotMade {
  constructor(
    private readonly settings: Pick<Settings, 'message_ttl_hours'>,
    private readonly now: Date,
  ) {}

  /** Also not after the time in which it would have been sent: it may have been there, and be removed by now. */
  mayBeMade(notification: NotificationDoc, recipient: RecipientDoc): boolean {
    if (notification.canceled_at || recipient.confirmed_at || notification.text_blanked_at) return false;
    return !this.isTooLate(notification, recipient);
  }

  isTooLate({ send_at }: NotificationDoc, { step_at }: RecipientDoc): boolean {
    const start = send_at && send_at > step_at ? send_at : step_at;
    return later(start, this.settings.message_ttl_hours * HOUR_MILLIS) <= this.now;
  }
}

/** How far somebody is with being told. */
export class Standing {
  private readonly fates: readonly { attempt: Attempt; fate: Fate; state: MessageState | undefined }[];

  constructor(
    readonly notification: NotificationDoc,
    readonly recipient: RecipientDoc,
    states: ReadonlyMap<string, MessageState>,
    private readonly notMade: NotMade,
    private readonly now: Date,
  ) {
    this.fates = recipient.attempts.map((attempt) => {
      const state = states.get(attempt.message_id);
      return { attempt, state, fate: state ? fateOf(state) : this.fateOfMissing() };
    });
  }

  /** Whether the next way's time has come: this one failed for certain, or was sent and not confirmed in time. */
  get isNextDue(): boolean {
    if (this.isOver || this.isGone || this.recipient.step + 1 >= this.recipient.ways.length) return false;
    const deadline = this.confirmBy;
    return hasFailed(this.current.map(({ fate }) => fate)) || (deadline !== null && deadline <= this.now);
  }

  /** Messages that were there are removed by now: what is known of it stays. */
  get isGone(): boolean {
    const { notification, recipient } = this;
    return this.fates.some(({ state }) => !state) && this.notMade.isTooLate(notification, recipient);
  }

  /** What to store of it, while it stays at its way; null: that is stored already. */
  update(): Update {
    if (this.isGone) return this.left();
    const fates = this.fates.map(({ fate }) => fate);
    const outcome = this.recipient.confirmed_at ? ('confirmed' as const) : outcomeOfAll(fates);
    const following = this.following.map(({ attempt }) => attempt.message_id);
    const look_at = this.nextLook(following.length > 0);
    return {
      $set: {
        outcome,
        reason: outcome === 'failed' || outcome === 'canceled' ? this.reason : null,
        updated_at: this.now,
        ...(following.length > 0 ? { following } : {}),
        ...(look_at ? { look_at } : {}),
      },
      $unset: { ...(following.length > 0 ? {} : { following: '' }), ...(look_at ? {} : { look_at: '' }) },
    };
  }

  private left(): Update {
    const lost = this.recipient.outcome === 'waiting' ? { outcome: 'failed', reason: 'EXPIRED' } : {};
    return { $set: { ...lost, updated_at: this.now }, $unset: { following: '', look_at: '' } };
  }

  /** The messages of which more may be heard. */
  get following() {
    return this.fates.filter(({ fate, attempt, state }) => {
      if (fate === 'open') return true;
      // What was confirmed has nothing better to become.
      return !this.recipient.confirmed_at && mayChange(fate, attempt.way) && state!.expires_at > this.now;
    });
  }

  private get isOver(): boolean {
    return Boolean(this.notification.canceled_at || this.recipient.confirmed_at || this.notification.text_blanked_at);
  }

  private get current() {
    const way = this.recipient.ways[this.recipient.step];
    return this.fates.filter(({ attempt }) => attempt.way === way);
  }

  /** Until when the present way is to be confirmed, from when the first of its messages left; null: it waits for nobody. */
  private get confirmBy(): Date | null {
    const { confirm, escalate_after_seconds: seconds } = this.notification;
    if (!confirm || seconds === undefined || this.isOver || this.recipient.step + 1 >= this.recipient.ways.length)
      return null;
    const left = this.current.flatMap(({ fate, state }) => {
      const at = fate === 'uncertain' ? state?.failed_at : state?.sent_at;
      return at ? [at.getTime()] : [];
    });
    return left.length === 0 ? null : later(new Date(Math.min(...left)), seconds * 1000);
  }

  private get reason(): string | null {
    const last = this.fates.findLast(({ fate }) => fate === 'failed' || fate === 'uncertain' || fate === 'canceled');
    if (!last) return null;
    if (last.fate === 'canceled') return last.state?.last_error ?? 'CANCELED_BY_CLIENT';
    if (!last.state) return NO_ROUTE;
    return last.state.delivery?.code ?? last.state.last_error ?? 'UNDELIVERED';
  }

  private fateOfMissing(): Fate {
    return this.notification.canceled_at || this.recipient.confirmed_at ? 'canceled' : 'failed';
  }

  /** The longer it waits, the less often; what isn't due is looked at when it is. */
  private nextLook(isFollowing: boolean): Date | null {
    const deadline = this.confirmBy;
    if (!isFollowing) return deadline;
    const starts = this.following.flatMap(({ state }) => state?.schedule_at?.getTime() ?? []);
    const begin = Math.max(this.recipient.step_at.getTime(), ...starts);
    const age = Math.max(this.now.getTime() - begin, 0);
    const pause = Math.min(Math.max(age, FIRST_LOOK_MILLIS), LONGEST_LOOK_MILLIS);
    const look = later(new Date(Math.max(this.now.getTime(), begin)), pause);
    return deadline && deadline < look ? deadline : look;
  }
}
