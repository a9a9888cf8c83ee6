import { writeFileSync } from 'node:fs';
import type { Noise } from './noise.js';
import type { Figure, RowResult } from './row.js';
import type { Rates } from './slices.js';

export type Verdict = 'goal' | 'floor' | 'MISSED';

export interface Measured extends RowResult {
  number: number;
  what: string;
  noise: Noise | null;
  seconds: number;
}

/** Rounds that differ by more than this are not reliable. */
const WIDE_SPREAD = 0.25;

export function verdict({ value, floor, goal, lowerIsBetter }: Figure): Verdict | '' {
  if (floor === undefined || goal === undefined) return '';
  const sign = lowerIsBetter ? -1 : 1;
  if (sign * value >= sign * goal) return 'goal';
  return sign * value >= sign * floor ? 'floor' : 'MISSED';
}

export function rates({ perCpuSecond, perSecond }: Rates, unit: string): string {
  return `${round(perCpuSecond)} ${unit} a CPU second, ${round(perSecond)} a second`;
}

/** One line for each figure. */
export function table(measured: readonly Measured[]): string {
  const rows = measured.flatMap((row) =>
    row.figures.map((figure) => [
      String(row.number),
      figure.what,
      withUnit(figure.value, figure.unit),
      figure.floor === undefined ? '' : withUnit(figure.floor, figure.unit),
      figure.goal === undefined ? '' : withUnit(figure.goal, figure.unit),
      verdict(figure),
      isNoisy(row, figure) ? 'noisy' : '',
    ]),
  );
  const lines = [['#', 'what', 'measured', 'floor', 'goal', 'verdict', ''], ...rows];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function describeRow(row: Measured): string {
  const { noise } = row;
  const machine = noise
    ? `steal ${(noise.steal * 100).toFixed(1)} %, others ${noise.others.toFixed(2)} cores${noise.noisy ? ' (NOISY)' : ''}`
    : '';
  return [...row.notes, `${row.seconds.toFixed(0)} s${machine ? `, ${machine}` : ''}`]
    .map((line) => `     ${line}`)
    .join('\n');
}

export function writeResults(file: string, environment: object, measured: readonly Measured[]): void {
  const rows = measured.map((row) => ({
    ...row,
    figures: row.figures.map((figure) => ({ ...figure, verdict: verdict(figure), noisy: isNoisy(row, figure) })),
  }));
  writeFileSync(file, `${JSON.stringify({ ...environment, rows }, null, 2)}\n`);
}

function isNoisy({ noise }: Measured, { spread = 0 }: Figure): boolean {
  return (noise?.noisy ?? false) || spread > WIDE_SPREAD;
}

function withUnit(value: number, unit: string): string {
  return unit ? `${round(value)} ${unit}` : round(value);
}

function round(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString('en-US');
}
