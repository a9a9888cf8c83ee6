import { createHash } from 'node:crypto';

/** A draw from [0, 1). */
export type Random = () => number;

/** From and to, both in milliseconds. */
export type Range = readonly [min: number, max: number];

/**
 * The random numbers of one phone for one purpose. Every purpose has its own stream: the number of network retries must
 * not change which texts fail.
 */
export function seededRandom(seed: number, phone: number, purpose: string): Random {
  const digest = createHash('sha256').update(`${seed}/${phone}/${purpose}`).digest();
  let a = digest.readUInt32LE(0) | 1;
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12);
  return () => {
    // Marsaglia's xorshift128 (2003): good enough for a simulation, and the same on every machine.
    let t = a ^ (a << 11);
    t ^= t >>> 8;
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t;
    return (d >>> 0) / 2 ** 32;
  };
}

export function within(random: Random, [min, max]: Range): number {
  return Math.round(min + random() * (max - min));
}
