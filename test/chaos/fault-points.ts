/** A place in the gateway where it can be told to die (src/common/faults.ts). */
export interface FaultPoint {
  name: string;
  /** A death that has to come before, so that there is something to recover or to take over. */
  after?: string;
}

/** Every named point but those of imports; a spec compares the lists with the sources. */
export const FAULT_POINTS: readonly FaultPoint[] = [
  { name: 'after:idempotency-key' },
  { name: 'after:limit' },
  { name: 'inside:fingerprints' },
  { name: 'after:fingerprints' },
  { name: 'inside:undo' },
  { name: 'after:commit' },
  { name: 'inside:expand' },
  { name: 'after:expand' },
  { name: 'after:expanded' },
  { name: 'after:bury', after: 'after:fingerprints' },
  { name: 'recovery:expanded', after: 'inside:expand' },
  { name: 'recovery:buried', after: 'after:limit' },
  { name: 'after:mark' },
  { name: 'after:promotion' },
  { name: 'after:pace' },
  { name: 'after:lease' },
  { name: 'after:report' },
  { name: 'after:cancel' },
  { name: 'inside:cancel-request' },
];

/** Those that a CSV file passes, in its order; the load of chaos imports none, so they have a spec of their own. */
export const IMPORT_FAULT_POINTS = [
  'import:staging',
  'import:staged',
  'import:committed',
  'import:submitted',
  'import:counted',
] as const;
