import type { Range } from './random.js';

/** A mistake on the command line; the message names the option. */
export class UsageError extends Error {}

export interface Bounds {
  min: number;
  max?: number;
  whole?: boolean;
}

export function numberOf(option: string, text: string, { min, max, whole }: Bounds): number {
  const value = text.trim() === '' ? NaN : Number(text);
  const fits =
    Number.isFinite(value) && value >= min && value <= (max ?? Infinity) && (!whole || Number.isInteger(value));
  if (fits) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const bounds = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${option} takes ${kind} ${bounds}, not "${text}"`);
}

/** `200` or `200-800`, in milliseconds. */
export function rangeOf(option: string, text: string): Range {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text.trim());
  const min = Number(match?.[1]);
  const max = Number(match?.[2] ?? match?.[1]);
  if (match && min <= max) return [min, max];
  throw new UsageError(`--${option} takes milliseconds, or from-to as in 200-800, not "${text}"`);
}

export function urlOf(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash) return text;
  throw new UsageError(`--${option} takes an http or https address such as http://127.0.0.1:8000/sms, not "${text}"`);
}

export function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((word) => word === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${option} takes ${choices.join(' or ')}, not "${text}"`);
}

export function wordOf(option: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`--${option} must not be empty`);
}
