import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCE = resolve('test/chaos/disk-keeps.c');

/** A disk that keeps what was fsynced and loses the rest with the power: see disk-keeps.c. */
export class Disk {
  private readonly library: string;
  private readonly kept: string;

  constructor(
    root: string,
    private readonly dataDir: string,
  ) {
    this.library = join(root, 'disk-keeps.so');
    this.kept = join(root, 'kept');
    mkdirSync(this.kept);
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', this.library, SOURCE, '-ldl', '-lpthread']);
  }

  get env(): Record<string, string> {
    return { LD_PRELOAD: this.library, CHAOS_DATA: this.dataDir, CHAOS_KEPT: this.kept };
  }

  losePower(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
    cpSync(this.kept, this.dataDir, { recursive: true });
  }
}
