import { Injectable } from '@nestjs/common';
import { parseArgs } from 'node:util';
import { ControlActions } from '../control/control-actions.js';
import { parseTimestamp, utcMinute } from '../domain/time.js';
import { Rebuild, type Difference, type Rebuilt } from './rebuild.js';

/** `npm run rebuild-reports -- [--from 2026-11-01] [--to 2026-12-01] [--check]`: reads the options and prints sentences. */
@Injectable()
export class RebuildCommand {
  constructor(
    private readonly rebuild: Rebuild,
    actions: ControlActions,
  ) {
    actions.register('rebuild-reports', ({ args, say, signal }) => this.run(args, say, signal));
  }

  /** @throws Error for invalid options, and with `--check` when buckets differ. */
  async run(args: readonly string[], say: (line: string) => void, signal?: AbortSignal): Promise<void> {
    const { values } = parseArgs({
      args: [...args],
      options: { from: { type: 'string' }, to: { type: 'string' }, check: { type: 'boolean', default: false } },
    });
    const { check } = values;
    const options = { from: readTime('from', values.from), to: readTime('to', values.to), check, signal };
    const rebuilt = await this.rebuild.rebuild(options, (difference) => say(describeDifference(difference)));
    if (check && rebuilt.differences > 0) throw new Error(describe(rebuilt, check));
    say(describe(rebuilt, check));
  }
}

function readTime(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = parseTimestamp(text);
  if (!at) throw new Error(`--${name} must be a day (2026-11-21) or a time of ISO 8601, in UTC; it is ${text}`);
  return at;
}

function describeDifference({ tenant_id, level, at, stored, rows }: Difference): string {
  return `${tenant_id}: the ${level} of ${utcMinute(at)}Z had ${stored} messages; the recount has ${rows}`;
}

function describe({ messages, hours, frozen, differences }: Rebuilt, check: boolean): string {
  const found =
    differences === 0
      ? 'The reports match the messages.'
      : `${differences} buckets differed${check ? '.' : ' and are set right.'}`;
  const frozenHours =
    frozen > 0 ? ` ${frozen} of the hours are frozen because their messages were removed; they stay as they are.` : '';
  return `${messages} messages in ${hours} hours. ${found}${frozenHours}`;
}
