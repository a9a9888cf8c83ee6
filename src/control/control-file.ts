import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file with the address where the gateway that owns a folder takes commands. Who can read the folder may send commands. */
export interface ControlAddress {
  port: number;
  token: string;
  pid: number;
  /** The identity of the folder, so that a copy of the folder doesn't lead to the gateway of the original. */
  folder: string;
}

export function writeControlFile(dir: string, address: Omit<ControlAddress, 'folder'>): void {
  const draft = `${pathIn(dir)}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify({ ...address, folder: identityOf(dir) } satisfies ControlAddress), {
    mode: 0o600,
    flag: 'wx',
  });
  renameSync(draft, pathIn(dir));
}

/** Undefined when there is no file, or when it was written for another folder. */
export function readControlFile(dir: string): ControlAddress | undefined {
  try {
    const address = JSON.parse(readFileSync(pathIn(dir), 'utf8')) as ControlAddress;
    return address.folder === identityOf(dir) && Number.isInteger(address.port) ? address : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function removeControlFile(dir: string): void {
  rmSync(pathIn(dir), { force: true });
}

function pathIn(dir: string): string {
  return join(dir, 'control.json');
}

function identityOf(dir: string): string {
  const { dev, ino } = statSync(dir, { bigint: true });
  return `${dev}:${ino}`;
}
