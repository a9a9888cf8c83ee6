import { type Command, parseCommandLine } from './command-line.js';
import { RefusedError, StoppedError } from './errors.js';
import { fleetEvents, type FleetEvents } from './events.js';
import { type Fleet, startPhones } from './fleet.js';
import { HELP } from './help.js';
import { writeJsonLines } from './json-lines.js';
import { LiveLine, type Terminal } from './live-line.js';
import { UsageError } from './option-values.js';
import { Tally } from './tally.js';
import { realTimers } from './timers.js';

export interface Surroundings {
  out: Terminal;
  err: Terminal;
  environment: NodeJS.ProcessEnv;
  /** Aborts when the user wants it to end. */
  signal: AbortSignal;
}

/** The same error is shown at most this often. */
const REPEAT_MS = 5000;

/** Runs the command and returns its exit status. */
export async function run(args: string[], { out, err, environment, signal }: Surroundings): Promise<number> {
  let command: Command;
  try {
    command = parseCommandLine(args, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.write(`agent-sim: ${error.message}\nTry --help.\n`);
    return 2;
  }
  if (command.help) {
    out.write(HELP);
    return 0;
  }
  const events = fleetEvents();
  let fleet: Fleet | undefined;
  const line = new LiveLine(new Tally(events), () => fleet?.waitingReports ?? 0, out, realTimers);
  const live = command.output === 'live';
  if (command.output === 'json') writeJsonLines(events, (text) => void out.write(text));
  showTrouble(events, (text) => {
    if (live && err.isTTY) line.clear();
    err.write(`agent-sim: ${text}\n`);
  });
  if (live) void line.run();
  try {
    fleet = await startPhones(command.phones, { events, signal });
    await end(command, fleet, signal);
    await fleet.stop();
    const untold = fleet.waitingReports;
    if (untold > 0) err.write(`agent-sim: the gateway has not received ${untold} reports${keeping(command)}\n`);
    return fleet.failure ? 1 : 0;
  } catch (error) {
    // The user ended the run while the server couldn't be reached, so there is nothing to finish.
    if (error instanceof StoppedError) return 0;
    err.write(`agent-sim: ${(error as Error).message}\n`);
    return 1;
  } finally {
    if (live) line.end();
  }
}

function keeping({ phones }: Command): string {
  return phones.journal === undefined ? '' : `; the next run with --journal ${phones.journal} sends them`;
}

/** Waits for whatever ends the run first. */
async function end({ duration, until }: Command, fleet: Fleet, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const asked = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  const ends = [asked, fleet.closed];
  if (duration !== undefined) ends.push(realTimers.sleep(duration * 1000, over.signal));
  if (until !== undefined) ends.push(fleet.until(until));
  await Promise.race(ends);
  over.abort();
}

function showTrouble(events: FleetEvents, show: (text: string) => void): void {
  const shown = new Map<string, number>();
  events.on('error', ({ at, detail, device, error, messageId }) => {
    const text = `${messageId ? `${messageId}: ` : ''}${detail ?? 'an error'}`;
    if (at - (shown.get(text) ?? -Infinity) < REPEAT_MS) return;
    if (shown.size > 1000) shown.clear();
    shown.set(text, at);
    show(error instanceof RefusedError ? text : `${device}: ${text}`);
  });
}
