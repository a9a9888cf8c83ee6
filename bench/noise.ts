import { closeSync, fdatasyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { childPids } from './child.js';

/** fdatasync/s of the stores' disk: the upper limit for commits. */
export function syncsPerSecond(dir: string): number {
  const file = join(dir, 'fdatasync');
  const fd = openSync(file, 'w');
  const block = Buffer.alloc(4096, 7);
  const begun = performance.now();
  let count = 0;
  for (; performance.now() - begun < 500; count++) {
    writeSync(fd, block, 0, block.length, (count % 64) * block.length);
    fdatasyncSync(fd);
  }
  const seconds = (performance.now() - begun) / 1000;
  closeSync(fd);
  unlinkSync(file);
  return Math.round(count / seconds);
}

export interface Noise {
  /** The share of time that the hypervisor gave to other machines. */
  steal: number;
  /** CPU that other programs on this machine used, in cores. */
  others: number;
  noisy: boolean;
}

const MUCH_STEAL = 0.02;
const MUCH_OTHERS = 0.15;
const TICKS_PER_SECOND = 100;

/** Measures what else the machine does until `end` is called; measures nothing where there is no /proc. */
export class NoiseWatch {
  private readonly before = look();
  private readonly begun = performance.now();

  end(): Noise | null {
    const after = look();
    if (!this.before || !after) return null;
    const seconds = (performance.now() - this.begun) / 1000;
    const steal = (after.steal - this.before.steal) / Math.max(1, after.total - this.before.total);
    const busy = (after.busy - this.before.busy) / TICKS_PER_SECOND;
    const ours = (after.ours - this.before.ours) / TICKS_PER_SECOND;
    const others = Math.max(0, (busy - ours) / seconds);
    return { steal, others, noisy: steal > MUCH_STEAL || others > MUCH_OTHERS };
  }
}

/** In ticks, as /proc/stat counts them. */
function look(): { total: number; busy: number; steal: number; ours: number } | null {
  try {
    const [user, nice, system, idle, iowait, irq, softirq, steal] = readFileSync('/proc/stat', 'latin1')
      .split('\n', 1)[0]!
      .trim()
      .split(/\s+/)
      .slice(1, 9)
      .map(Number) as [number, number, number, number, number, number, number, number];
    const busy = user + nice + system + irq + softirq;
    const ours = ticksOf(process.pid) + childPids().reduce((sum, pid) => sum + ticksOf(pid), 0);
    return { total: busy + idle + iowait + steal, busy, steal, ours };
  } catch {
    return null;
  }
}

/** The ticks of a process and of its children that have ended. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  } catch {
    return 0;
  }
}
