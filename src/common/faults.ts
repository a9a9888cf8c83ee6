import { Injectable } from '@nestjs/common';
import { Config } from '../config/load-config.js';

/**
 * Named points at which a test kills the process: `FAULT=after:fingerprints`, or `after:fingerprints:3` for the third time it is
 * reached. The configuration refuses FAULT anywhere but in tests.
 */
@Injectable()
export class Faults {
  private readonly point: string | undefined;
  private left: number;

  constructor(config: Config) {
    const [, name, times] = /^(.*?)(?::(\d+))?$/.exec(config.FAULT ?? '') ?? [];
    this.point = name || undefined;
    this.left = Number(times ?? 1);
  }

  at(point: string): void {
    if (point === this.point && --this.left === 0) process.kill(process.pid, 'SIGKILL');
  }
}
