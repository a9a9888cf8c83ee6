import { type Ran, runCommand } from '../command.js';
import type { Condition, Modem, StoredText, Transmission } from '../modem.js';
import type { PhoneOptions } from '../options.js';
import type { Job } from '../protocol-types.js';
import { Rest } from '../rest.js';
import type { Timers } from '../timers.js';
import { type Joined, join, locationsIn, partIn } from './gammu-texts.js';

const LOOK_MS = 1000;
const TIMEOUT_MS = 60_000;
/** Longer than any text: gammu then chooses the alphabet and the number of parts by itself. */
const LENGTH = '10000';

/** Sends by a USB stick, with the commands of gammu. */
export class GammuModem implements Modem {
  readonly kind = 'gammu';
  readonly depth = 1;
  readonly label: string;
  readonly #rest: Rest;
  #problem: string | undefined;
  /** Only one gammu may use the stick at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #listed = '';
  #texts: Joined[] = [];

  constructor(
    private readonly options: Pick<PhoneOptions, 'device' | 'gammuConfig' | 'sendTimeoutSeconds'>,
    private readonly tell: (text: string) => void,
    timers: Timers,
  ) {
    this.label = options.device;
    this.#rest = new Rest(timers);
  }

  async check(): Promise<void> {
    const ran = await this.#gammu(['--version'], {});
    if (ran.ended === 'missing') throw new Error('gammu is missing: install it ("apt-get install gammu")');
    await this.condition();
  }

  restMs(now: number): number {
    return this.#problem === undefined ? this.#rest.leftMs(now) : LOOK_MS;
  }

  async transmit({ to, text }: Job, _slot: number, signal: AbortSignal): Promise<Transmission> {
    const sendable = /^\+?[0-9]{2,20}$/.test(to) && text.trim() !== '';
    if (!sendable) return failed('NOT_SENDABLE', 'This is no number, or no text.');
    const args = ['sendsms', 'TEXT', to, '-autolen', LENGTH, '-textutf8', text];
    const ran = await this.#gammu(args, { timeoutMs: this.options.sendTimeoutSeconds * 1000, signal });
    if (ran.ended === 'exit' && ran.code === 0) {
      this.#rest.over();
      return { outcome: 'sent', replies: false };
    }
    this.#rest.begin();
    if (ran.ended === 'missing') return failed('GAMMU_REFUSED', 'gammu is missing.');
    if (ran.ended !== 'exit') return { outcome: 'unknown', why: `gammu was killed (${ran.ended})` };
    const refused = /^Sending SMS 1\/1.*?error (\d+)/m.exec(ran.out);
    if (refused) return failed(`CMS_${refused[1]}`, 'The network refused the text.');
    if (!ran.out.includes('Sending SMS')) return failed('GAMMU_REFUSED', said(ran));
    return { outcome: 'unknown', why: `gammu ended with exit status ${ran.code}: ${said(ran)}` };
  }

  async condition(signal?: AbortSignal): Promise<Condition> {
    const ran = await this.#gammu(['networkinfo'], signal ? { signal } : {});
    if (signal?.aborted) return {};
    this.#note(problemOf(ran));
    const carrier = ran.ended === 'exit' ? /^Network +: .*\(([^,)]+)/m.exec(ran.out)?.[1] : undefined;
    return { sims: [{ slot: 0, ...(carrier && { carrier: carrier.slice(0, 200) }) }] };
  }

  /** All of them at once: a SIM has room for a few dozen. */
  async texts(offset: number, _limit: number, signal?: AbortSignal): Promise<StoredText[] | undefined> {
    if (offset > 0) return [];
    const options = signal ? { signal } : {};
    const ran = await this.#gammu(['getallsms'], options);
    if (ran.ended !== 'exit' || ran.code !== 0) return undefined;
    if (ran.out === this.#listed) return this.#texts;
    const parts = [];
    for (const location of locationsIn(ran.out)) {
      const shown = await this.#gammu(['getsms', '0', location], options);
      if (shown.ended !== 'exit' || shown.code !== 0) return undefined;
      parts.push(partIn(location, shown.out) ?? []);
    }
    this.#listed = ran.out;
    this.#texts = join(parts.flat()).toReversed();
    return this.#texts;
  }

  /** A full SIM receives nothing more. */
  async forget(key: string): Promise<void> {
    const text = this.#texts.find((held) => held.key === key);
    for (const location of text?.locations ?? []) await this.#gammu(['deletesms', '0', location], {});
  }

  #gammu(args: string[], { timeoutMs = TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal }) {
    const { gammuConfig } = this.options;
    const all = gammuConfig === undefined ? args : ['-c', gammuConfig, ...args];
    // Its answers are read, so they have to be English, and texts UTF-8.
    const environment = { LC_ALL: 'C.UTF-8', LANGUAGE: 'C' };
    const turn = this.#last.then(() => runCommand('gammu', all, { timeoutMs, environment, ...(signal && { signal }) }));
    this.#last = turn;
    return turn;
  }

  #note(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) this.tell(problem);
    this.#problem = problem;
  }
}

function failed(code: string, message: string): Transmission {
  return { outcome: 'failed', error: { code, message } };
}

function problemOf(ran: Ran): string | undefined {
  if (ran.ended !== 'exit') return `texts wait: gammu ${ran.ended === 'hung' ? "doesn't answer" : ran.ended}`;
  if (ran.code !== 0) return `texts wait: ${said(ran)}; run "gammu-config", then "gammu identify"`;
  const state = /^Network state +: (.*)$/m.exec(ran.out)?.[1];
  const there = state === undefined || /^(home|roaming) network/.test(state);
  return there ? undefined : `texts wait: the SIM is not in a network (${state})`;
}

function said({ out, err }: { out: string; err: string }): string {
  return `${out}\n${err}`.trim().split('\n').at(-1)!.slice(0, 200);
}
