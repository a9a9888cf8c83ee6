import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/load-config.js';
import { GatewayLink } from './gateway-link.js';

/** A gateway that starts holds the folder before it takes commands, and another command holds it for a moment. */
const TRIES = 25;
const WAIT_MILLIS = 200;

/**
 * Runs `direct`, which opens the folder; if a gateway has it open, runs `beside` through that gateway.
 * @throws the error of `direct` when the folder is in use and no gateway takes commands.
 */
export async function onFolder<T>(
  dir: string,
  direct: () => Promise<T>,
  beside: (gateway: GatewayLink) => Promise<T>,
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await direct();
    } catch (error) {
      if ((error as Error).name !== 'StoreLockedError') throw error;
      const gateway = await GatewayLink.find(resolve(dir));
      if (gateway) return beside(gateway);
      if (left === 1) throw error;
    }
    await sleep(WAIT_MILLIS);
  }
}

/** Runs the action that is registered as `name`: in the gateway if one runs on the folder, else here by `direct`. Prints its lines. */
export function runCommand(
  config: Config,
  name: string,
  args: readonly string[],
  direct: (say: (line: string) => void) => Promise<void>,
): Promise<void> {
  if (config.MONGO_URI) return direct(print);
  return onFolder(
    config.DATA_DIR,
    () => direct(print),
    (gateway) => gateway.call(name, args, print),
  );
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
