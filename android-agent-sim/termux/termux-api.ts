import { type Ran, runCommand } from '../command.js';

const TIMEOUT_MS = 10_000;
const INSTALL = 'run "pkg install termux-api"';
export const WAKE_UP =
  'install the Termux:API app from where Termux came from (F-Droid), open it once, take both apps out of battery ' +
  'optimisation, and run "termux-wake-lock"';
const ALLOW =
  'allow it in Android: Settings, Apps, Termux:API, Permissions (if it is greyed out: App info, ⋮, "Allow restricted settings")';
const STORE = 'the Play Store’s Termux can’t do this: install Termux and Termux:API from F-Droid';

/** Why a command of Termux:API did nothing, as a sentence that says what to do; undefined when it isn't certain. */
export function refusalOf(command: string, ran: Ran): string | undefined {
  if (ran.ended === 'missing') return `${command} is missing: ${INSTALL}`;
  if (ran.ended !== 'exit') return undefined;
  const said = `${ran.out}\n${ran.err}`.trim();
  const error = errorIn(ran.out);
  if (/google/i.test(error ?? said) && /not (yet )?available|no longer permitted/i.test(error ?? said)) return STORE;
  if (error !== undefined) return `${command}: ${error}; ${ALLOW}`;
  if (ran.code === 126 || ran.code === 127) return `${command} can't run (${firstLine(said)}): ${INSTALL}`;
  // The script's own words, before it has called the app.
  if (ran.code !== 0 && said.startsWith(`${command}: `)) return firstLine(said);
  return undefined;
}

/** The commands of Termux:API that only tell something. What goes wrong is told once, until it works again. */
export class TermuxApi {
  /** False while the app doesn't answer at all. */
  answers = true;
  readonly #told = new Map<string, string>();

  constructor(private readonly tell: (text: string) => void) {}

  /** What the command prints, from JSON; undefined when it can't tell. */
  async ask(
    command: string,
    args: readonly string[] = [],
    { timeoutMs = TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const ran = await runCommand(command, args, { timeoutMs, ...(signal && { signal }) });
    if (signal?.aborted) return undefined;
    this.answers = ran.ended !== 'hung';
    const value = ran.ended === 'exit' && ran.code === 0 ? parsed(ran.out) : undefined;
    const usable = value !== undefined && errorIn(ran.ended === 'exit' ? ran.out : '') === undefined;
    this.note(command, usable ? undefined : (refusalOf(command, ran) ?? oddity(command, ran)));
    return usable ? value : undefined;
  }

  /** Tells a problem that wasn't told yet; without one, the command works again. */
  note(command: string, problem: string | undefined): void {
    if (problem === undefined) this.#told.delete(command);
    else if (this.#told.get(command) !== problem) {
      this.#told.set(command, problem);
      this.tell(problem);
    }
  }
}

function oddity(command: string, ran: Ran): string {
  if (ran.ended === 'hung') return `${command} doesn't answer: ${WAKE_UP}`;
  if (ran.ended !== 'exit') return `${command} was killed: take Termux out of battery optimisation`;
  const said = firstLine(`${ran.out}\n${ran.err}`.trim());
  return `${command} answered something odd (exit status ${ran.code}, "${said}"): update Termux:API and ${INSTALL}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorIn(text: string): string | undefined {
  const value = parsed(text) as { error?: unknown } | null | undefined;
  return typeof value?.error === 'string' ? value.error : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 200);
}
