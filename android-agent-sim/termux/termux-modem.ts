import { type Ran, runCommand } from '../command.js';
import type { Condition, Modem, StoredText, Transmission } from '../modem.js';
import type { PhoneOptions } from '../options.js';
import type { Job } from '../protocol-types.js';
import { Rest } from '../rest.js';
import type { Timers } from '../timers.js';
import { refusalOf, TermuxApi, WAKE_UP } from './termux-api.js';
import { TermuxCondition } from './termux-condition.js';
import { textsIn } from './termux-texts.js';

const SEND = 'termux-sms-send';
/** A full inbox takes its time: Termux:API looks up each sender's name. */
const LIST_TIMEOUT_MS = 60_000;
/** How often it looks whether what keeps it from sending is over. */
const LOOK_MS = 1000;

/** Sends by the commands of Termux:API, on the phone itself. */
export class TermuxModem implements Modem {
  readonly kind = 'termux';
  readonly depth = 1;
  readonly label: string;
  readonly #api: TermuxApi;
  readonly #condition: TermuxCondition;
  readonly #rest: Rest;

  constructor(
    private readonly options: Pick<PhoneOptions, 'device' | 'sims' | 'sendTimeoutSeconds'>,
    tell: (text: string) => void,
    timers: Timers,
  ) {
    this.label = options.device;
    this.#api = new TermuxApi(tell);
    this.#condition = new TermuxCondition(this.#api, options.sims);
    this.#rest = new Rest(timers);
  }

  async check(): Promise<void> {
    const there = await runCommand(SEND, ['-h'], { timeoutMs: this.#timeoutMs });
    const refusal = refusalOf(SEND, there);
    if (refusal !== undefined) throw new Error(refusal);
    await this.condition();
    if (this.#api.answers) await this.texts(0, 1);
  }

  restMs(now: number): number {
    const hindered = !this.#api.answers || this.#condition.stuck !== undefined;
    return hindered ? LOOK_MS : this.#rest.leftMs(now);
  }

  async transmit(job: Job, _slot: number, signal: AbortSignal): Promise<Transmission> {
    const args = this.#argsFor(job);
    if (typeof args === 'string') return { outcome: 'failed', error: { code: 'NOT_SENDABLE', message: args } };
    const ran = await runCommand(SEND, args, { input: job.text, timeoutMs: this.#timeoutMs, signal });
    if (ran.ended === 'exit' && ran.code === 0 && ran.out.trim() === '') {
      this.#rest.over();
      this.#api.note(SEND, undefined);
      return { outcome: 'sent', replies: false };
    }
    this.#rest.begin();
    const refusal = refusalOf(SEND, ran);
    if (refusal !== undefined) {
      this.#api.note(SEND, refusal);
      return { outcome: 'failed', error: { code: 'TERMUX_REFUSED', message: refusal.slice(0, 500) } };
    }
    if (ran.ended === 'hung') this.#api.answers = false;
    return { outcome: 'unknown', why: this.#whyUnknown(ran) };
  }

  condition(signal?: AbortSignal): Promise<Condition> {
    return this.#condition.read(signal);
  }

  async texts(offset: number, limit: number, signal?: AbortSignal): Promise<StoredText[] | undefined> {
    const args = ['-t', 'inbox', '-l', String(limit), '-o', String(offset)];
    const options = { timeoutMs: LIST_TIMEOUT_MS, ...(signal && { signal }) };
    const listed = await this.#api.ask('termux-sms-list', args, options);
    return listed === undefined ? undefined : textsIn(listed);
  }

  /** Or why Android would drop this text without a word, and the command would say nothing either. */
  #argsFor({ to, text, sim_slot: slot }: Job): string[] | string {
    // The script puts the number into a command line of its own.
    if (!/^\+?[0-9]{2,20}$/.test(to)) return 'This is no number that Termux can send to.';
    if (text.trim() === '') return 'The text is empty.';
    if (slot == null || (this.options.sims === 1 && slot === 0)) return ['-n', to];
    if (slot >= this.options.sims)
      return `The phone was started with --sims ${this.options.sims}, so it has no SIM ${slot}.`;
    if (!this.#condition.seesSims) return 'Termux:API may not see the SIMs: allow it Phone in Android’s settings.';
    return ['-n', to, '-s', String(slot)];
  }

  #whyUnknown(ran: Ran): string {
    if (ran.ended === 'hung') return `${SEND} didn't end within ${this.options.sendTimeoutSeconds} s: ${WAKE_UP}`;
    if (ran.ended !== 'exit') return `${SEND} was killed`;
    return `${SEND} ended with exit status ${ran.code} and said "${`${ran.out} ${ran.err}`.trim().slice(0, 200)}"`;
  }

  get #timeoutMs(): number {
    return this.options.sendTimeoutSeconds * 1000;
  }
}
