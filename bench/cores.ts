import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Runs the server on core 0 and the load on core 1, so that neither uses the other's time. Without taskset both run on any core. */
export const hasTaskset = canPin();

export const SERVER_CORE = '0';
export const ALL_CORES = `0-${cpus().length - 1}`;

export function pinThisProcess(): void {
  if (hasTaskset) execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' });
}

/** The command line that starts `command` on these cores. */
export function onCores(cores: string, command: string, args: readonly string[]): [string, string[]] {
  return hasTaskset ? ['taskset', ['-c', cores, command, ...args]] : [command, [...args]];
}

function canPin(): boolean {
  if (cpus().length < 2) return false;
  try {
    execFileSync('taskset', ['-c', '-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
