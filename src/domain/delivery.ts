/** What became of a message whose status can't say it any more, each stronger than the one before. */
export const OUTCOMES = ['sent', 'undelivered', 'delivered'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Delivery {
  outcome: Outcome;
  at: Date;
  /** As the phone or the carrier gives it. */
  code?: string;
  reason?: string;
}

/** Whether the outcome is news beside what is known. */
export function isStronger(outcome: Outcome, known: Outcome | undefined): boolean {
  return known === undefined || OUTCOMES.indexOf(outcome) > OUTCOMES.indexOf(known);
}
