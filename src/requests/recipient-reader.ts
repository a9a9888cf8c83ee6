import { TimeSlice } from '../common/time-slice.js';
import { invalid, type ErrorDetail } from '../common/errors.js';
import type { Channel } from '../domain/channel.js';
import { fingerprint } from '../domain/fingerprint.js';
import { composeText, type TextRule } from '../domain/sms-text.js';
import { destinationAbroad, parsePhoneNumber, type NumberRules } from '../domain/phone-number.js';
import { toPriority } from '../domain/priority.js';
import { countSegments, type Encoding } from '../domain/sms-segments.js';
import { templateVariables, type Variables } from '../domain/template.js';
import { DAY_MILLIS, later, parseTimestamp } from '../domain/time.js';
import { numberRules } from '../tenants/number-rules.js';
import type { Settings } from '../tenants/settings.js';
import type { NewMessageDto } from './dto/new-message.dto.js';
import type { CreateRequestDto } from './dto/create-request.dto.js';
import type { Recipient } from './request.js';

export interface ReadingRules extends TextRule {
  settings: Settings;
  channel: Channel;
  /** Most characters of a text that the route takes; null: as many as the tenant allows. */
  characters: number | null;
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
  /** Where abroad each goes; null at home. */
  destinations: (string | null)[];
}

/** A message that is right: what is stored of it, and its text. */
export interface ReadMessage {
  recipient: Recipient;
  hash: string;
  destination: string | null;
  text: string;
  encoding: Encoding;
  segments: number;
}

const MOST_PROBLEMS = 100;
const MOST_WARNINGS = 20;
/** A schedule beyond this is a slip of the pen. */
const FURTHEST_MILLIS = 366 * DAY_MILLIS;

/** Reads every message of a request; one bad one refuses all, and at most a hundred are named. */
export class RecipientReader {
  /** What the template names. */
  readonly names: readonly string[];
  private readonly common: Readonly<Record<string, string>>;
  private readonly numbers: NumberRules;
  /** When messages are due that say nothing of it. */
  readonly schedule: Date | undefined;
  /** What is taken, but may not be meant. */
  readonly warnings: ErrorDetail[] = [];

  constructor(
    private readonly body: CreateRequestDto,
    private readonly rules: ReadingRules,
  ) {
    this.names = rules.isTemplate ? templateVariables(rules.content) : [];
    this.common = this.named(body.variables ?? {});
    const { settings } = rules;
    this.numbers = numberRules(settings, { blockInternational: settings.block_international });
    const schedule = this.readSchedule(body.schedule_at, 'schedule_at');
    if (isProblem(schedule)) throw invalid([schedule]);
    this.schedule = schedule;
  }

  async readAll(messages: readonly NewMessageDto[]): Promise<ReadRecipients> {
    const read: ReadRecipients = { variables: this.common, recipients: [], hashes: [], segments: [], destinations: [] };
    const problems: ErrorDetail[] = [];
    const slice = new TimeSlice();
    for (const [i, message] of messages.entries()) {
      const one = this.readOne(message, `messages.${i}`);
      if (isProblem(one)) problems.push(one);
      else {
        read.recipients.push(one.recipient);
        read.hashes.push(one.hash);
        read.segments.push(one.segments);
        read.destinations.push(one.destination);
      }
      if (problems.length >= MOST_PROBLEMS) break;
      if (slice.isOver) await slice.next();
    }
    if (problems.length > 0) throw invalid(problems);
    return read;
  }

  /** One message by itself, or what is wrong with it. `at` is where it stands: `messages.3`. */
  readOne(message: NewMessageDto, at: string): ReadMessage | ErrorDetail {
    const { settings } = this.rules;
    const number = parsePhoneNumber(message.to, this.numbers);
    if ('problem' in number) return problem(`${at}.to`, number.problem);
    const destination = destinationAbroad(number.e164, settings.default_country_prefix);
    if (destination && settings.max_per_day_international === 0)
      return problem(
        `${at}.to`,
        `is abroad: only ${settings.default_country_prefix} numbers are allowed here (max_per_day_international)`,
      );
    const own: Variables = message.variables ?? {};
    // A message's own value wins over the request's, also when it is null.
    const rendered = composeText(this.rules, { ...this.common, ...own });
    if ('missing' in rendered)
      return problem(`${at}.variables.${rendered.missing}`, `Missing variable ${rendered.missing}`);
    const { text } = rendered;
    if (this.rules.encoding === 'gsm7' && text.trim() === '')
      return problem(at, 'has no text in the GSM alphabet; send it with encoding auto');
    if (characters(text) > settings.max_text_length) {
      return problem(
        at,
        `Text exceeds MAX_TEXT_LENGTH: ${characters(text)} characters, ${settings.max_text_length} at most`,
      );
    }
    const { channel, characters: most } = this.rules;
    if (most !== null && characters(text) > most) {
      return problem(at, `The text has ${characters(text)} characters; the route takes ${most} at most`);
    }
    const schedule =
      message.schedule_at === undefined ? this.schedule : this.readSchedule(message.schedule_at, `${at}.schedule_at`);
    if (isProblem(schedule)) return schedule;
    const simSlot = message.sim_slot ?? this.body.sim_slot;
    if (typeof simSlot === 'number' && !this.rules.simSlots.includes(simSlot)) {
      return problem(`${at}.sim_slot`, 'is not a SIM of this route');
    }
    const reference = message.client_reference ?? this.body.client_reference;
    const recipient: Recipient = {
      to: number.e164,
      ...(this.names.some((name) => Object.hasOwn(own, name)) ? { variables: this.named(own) } : {}),
      priority: toPriority(message.priority ?? this.body.priority),
      ...(schedule ? { schedule_at: schedule } : {}),
      ...(typeof simSlot === 'number' ? { sim_slot: simSlot } : {}),
      ...(reference ? { client_reference: reference } : {}),
    };
    const { encoding, segments } = countSegments(text);
    const ahead = schedule && schedule > this.rules.now ? schedule : undefined;
    const hash = fingerprint(number.e164, text, ahead, channel);
    // Only an SMS is cut into segments.
    return { recipient, hash, destination, text, encoding, segments: channel === 'sms' ? segments : 0 };
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
  private readSchedule(text: string | null | undefined, field: string): Date | ErrorDetail | undefined {
    if (text === undefined || text === null) return undefined;
    const at = parseTimestamp(text);
    if (!at) return problem(field, 'must be a date such as 2026-11-21T10:00:00Z');
    if (at.getTime() > this.rules.now.getTime() + FURTHEST_MILLIS) return problem(field, 'is more than a year away');
    if (at < later(this.rules.now, -DAY_MILLIS) && this.warnings.length < MOST_WARNINGS)
      this.warnings.push(problem(field, 'is more than a day ago, so it is due at once'));
    return at;
  }
}

function problem(field: string, message: string): ErrorDetail {
  return { field, message };
}

export function isProblem(read: object | undefined): read is ErrorDetail {
  return read !== undefined && 'field' in read;
}

/** Characters as people count them: an emoji of two code units is one. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
