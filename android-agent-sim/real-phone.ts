import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './option-values.js';
import type { PhoneOptions } from './options.js';

/** What only a simulated phone may have: it would send texts twice, or too fast for Android. */
const SIMULATED = ['phones', 'dishonest', 'no-pace', 'crash', 'offline'];

/**
 * The options of one phone that sends for real. It needs a name of its own, and a journal that survives it.
 * @throws UsageError
 */
export function realPhone(phones: PhoneOptions, given: Readonly<Record<string, unknown>>): PhoneOptions {
  if (phones.modem === 'simulated') return phones;
  if (given['device'] === undefined) {
    throw new UsageError(`--modem ${phones.modem} needs --device, a name that no other phone has`);
  }
  const wrong = SIMULATED.find((option) => given[option] !== undefined && given[option] !== false);
  if (wrong !== undefined) throw new UsageError(`--${wrong} is for simulated phones, not for --modem ${phones.modem}`);
  if (phones.modem === 'gammu' && phones.sims !== 1) throw new UsageError('--sims is 1 with --modem gammu');
  return { ...phones, journal: phones.journal ?? join(homedir(), '.agent-journal') };
}
