export const PRIORITIES = ['HIGH', 'NORMAL', 'LOW'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Smaller goes first. */
export const PRIORITY_WEIGHT: Readonly<Record<Priority, number>> = { HIGH: 0, NORMAL: 1, LOW: 2 };

/** Any word that isn't a priority is NORMAL, as clients of the source system rely on. */
export function toPriority(word: string | null | undefined): Priority {
  const upper = word?.trim().toUpperCase();
  return upper === 'HIGH' || upper === 'LOW' ? upper : 'NORMAL';
}
