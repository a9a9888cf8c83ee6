import { Breather } from '../common/breather.js';
import { invalid, type ErrorDetail } from '../common/errors.js';
import { fingerprint } from '../domain/fingerprint.js';
import { composeText, type TextRule } from '../domain/sms-text.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import { toPriority } from '../domain/priority.js';
import { countSegments } from '../domain/sms-segments.js';
import { templateVariables, type Variables } from '../domain/template.js';
import { parseTimestamp } from '../domain/timestamp.js';
import type { Settings } from '../tenants/settings.js';
import type { NewMessage, NewRequest } from './request-body.js';
import type { Recipient } from './request.js';

export interface ReadingRules extends TextRule {
  settings: Settings;
  /** SIM slots that may be asked for. */
  simSlots: readonly number[];
  now: Date;
}
export interface ReadRecipients {
  /** The request's own values of what the template names. */
  variables: Record<string, string>;
  recipients: Recipient[];
  hashes: string[];
  segments: number[];
}

const MOST_PROBLEMS = 100;
/** A schedule beyond this is a slip of the pen. */
const FURTHEST_MILLIS = 366 * 86_400_000;

/** Reads every message of a request; one bad one refuses all, and at most a hundred are named. */
export class RecipientReader {
  private readonly problems: ErrorDetail[] = [];
  private readonly names: readonly string[];
  private readonly common: Readonly<Record<string, string>>;
  private readonly schedule: Date | undefined;

  constructor(
    private readonly body: NewRequest,
    private readonly rules: ReadingRules,
  ) {
    this.names = rules.isTemplate ? templateVariables(rules.content) : [];
    this.common = this.named(body.variables ?? {});
    this.schedule = this.readSchedule(body.schedule_at, 'schedule_at');
    this.throwProblems();
  }

  async readAll(messages: readonly NewMessage[]): Promise<ReadRecipients> {
    const read: ReadRecipients = { variables: this.common, recipients: [], hashes: [], segments: [] };
    const breather = new Breather();
    for (const [i, message] of messages.entries()) {
      this.readOne(message, i, read);
      if (this.problems.length >= MOST_PROBLEMS) break;
      if (breather.isDue) await breather.breathe();
    }
    this.throwProblems();
    return read;
  }

  private readOne(message: NewMessage, i: number, read: ReadRecipients): void {
    const { settings } = this.rules;
    const at = `messages.${i}`;
    const number = parsePhoneNumber(message.to, {
      defaultPrefix: settings.default_country_prefix,
      blockInternational: settings.block_international,
    });
    if ('problem' in number) return this.refuse(`${at}.to`, number.problem);
    const own: Variables = message.variables ?? {};
    // A message's own value wins over the request's, also when it is null.
    const rendered = composeText(this.rules, { ...this.common, ...own });
    if ('missing' in rendered)
      return this.refuse(`${at}.variables.${rendered.missing}`, `Missing variable ${rendered.missing}`);
    const { text } = rendered;
    if (this.rules.encoding === 'gsm7' && text.trim() === '')
      return this.refuse(at, 'has no text in the GSM alphabet; send it with encoding auto');
    if (characters(text) > settings.max_text_length) {
      return this.refuse(
        at,
        `Text exceeds MAX_TEXT_LENGTH: ${characters(text)} characters, ${settings.max_text_length} at most`,
      );
    }
    const schedule =
      message.schedule_at === undefined ? this.schedule : this.readSchedule(message.schedule_at, `${at}.schedule_at`);
    const simSlot = message.sim_slot ?? this.body.sim_slot;
    if (typeof simSlot === 'number' && !this.rules.simSlots.includes(simSlot)) {
      return this.refuse(`${at}.sim_slot`, 'is not a SIM of this route');
    }
    const reference = message.client_reference ?? this.body.client_reference;
    read.recipients.push({
      to: number.e164,
      ...(this.names.some((name) => Object.hasOwn(own, name)) ? { variables: this.named(own) } : {}),
      priority: toPriority(message.priority ?? this.body.priority),
      ...(schedule ? { schedule_at: schedule } : {}),
      ...(typeof simSlot === 'number' ? { sim_slot: simSlot } : {}),
      ...(reference ? { client_reference: reference } : {}),
    });
    read.hashes.push(fingerprint(number.e164, text));
    read.segments.push(countSegments(text).segments);
  }

  /** Only what the template names and has a value. */
  private named(values: Variables): Record<string, string> {
    const variables: Record<string, string> = {};
    for (const name of this.names) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined && value !== null) variables[name] = String(value);
    }
    return variables;
  }

  /** Undefined: at once. */
  private readSchedule(text: string | null | undefined, field: string): Date | undefined {
    if (text === undefined || text === null) return undefined;
    const at = parseTimestamp(text);
    if (!at) this.refuse(field, 'must be a date such as 2026-11-21T10:00:00Z');
    else if (at.getTime() > this.rules.now.getTime() + FURTHEST_MILLIS) this.refuse(field, 'is more than a year away');
    return at ?? undefined;
  }

  private refuse(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  private throwProblems(): void {
    if (this.problems.length > 0) throw invalid(this.problems);
  }
}

/** Characters as people count them: an emoji of two code units is one. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
