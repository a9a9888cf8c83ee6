import { parseArgs } from 'node:util';

export interface Options {
  quick: boolean;
  rounds: number;
  /** Empty: all. */
  rows: number[];
  dir: string | undefined;
}

export const HELP = `Usage: npm run bench -- [--quick] [--rows 3,5] [--rounds 7] [--dir <folder on a real disk>]
`;

const ROUNDS = { usual: 7, quick: 3 };

/** @throws Error that names the mistake. */
export function readOptions(args: readonly string[]): Options & { help: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      dir: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? ROUNDS.quick : ROUNDS.usual));
  const rows = (values.rows?.split(',') ?? []).map(Number);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50) throw new Error('--rounds takes a number from 1 to 50');
  if (rows.some((row) => !Number.isInteger(row))) throw new Error('--rows takes numbers with commas between them');
  return { quick: values.quick, rounds, rows, dir: values.dir, help: values.help };
}
