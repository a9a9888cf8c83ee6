/** How a person is told something. WhatsApp isn't among them: it needs approved texts. */
export const WAYS = ['email', 'sms', 'push'] as const;
export type Way = (typeof WAYS)[number];
export const PREFERENCES = [...WAYS, 'none'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** What decides how a person is told something. */
export interface Reach {
  preference: Preference;
  /** Ways that the person, or whoever carries them, has ended: a STOP, an unsubscribe. */
  stopped: readonly Way[];
  /** Ways for which there is an address that works. */
  has: readonly Way[];
}

export interface Wish {
  /** In their order; null: the person's preference. */
  ways: readonly Way[] | null;
  /** Also against the preference `none`; never against a way that was ended. */
  critical: boolean;
}

/** Why somebody isn't told: no failure, but their own doing, or there is no address. */
export const SKIPPED = ['PREFERENCE_NONE', 'STOPPED', 'NO_ADDRESS'] as const;
export type Skipped = (typeof SKIPPED)[number];

/** By which ways, one after the other, or why by none. */
export function waysFor({ preference, stopped, has }: Reach, { ways, critical }: Wish): readonly Way[] | Skipped {
  if (preference === 'none' && !critical) return 'PREFERENCE_NONE';
  const wanted = ways ?? (preference === 'none' ? WAYS : [preference]);
  const open = wanted.filter((way) => !stopped.includes(way));
  if (open.length === 0) return 'STOPPED';
  const possible = open.filter((way) => has.includes(way));
  return possible.length > 0 ? possible : 'NO_ADDRESS';
}
