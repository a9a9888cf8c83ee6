const HIGH_SHARE = 0.2;

/** A text as the budget sees it. */
export interface Weight {
  segments: number;
  isHigh: boolean;
}

/** What of a pace or an hour is kept for HIGH, so that a code overtakes a campaign. */
export function reserveOf(capacity: number): number {
  if (!Number.isFinite(capacity) || capacity < 2) return 0;
  return Math.max(1, Math.floor(capacity * HIGH_SHARE));
}

/** One limit as it is now, in segments: the pace, an hour or a day, of a phone or of one SIM. `cap` is Infinity where there is none. */
export class Limit {
  private keptFor: 'nobody' | 'bulk' | 'high' = 'nobody';

  constructor(
    readonly cap: number,
    private taken: number,
    private readonly reserve = 0,
  ) {}

  get used(): number {
    return this.taken;
  }

  left(isHigh: boolean): number {
    if (this.keptFor === 'high' || (this.keptFor === 'bulk' && !isHigh)) return 0;
    return Math.max(0, this.cap - this.taken - (isHigh ? 0 : this.reserve));
  }

  /** One that is longer than all of it goes when nothing was taken, but for what HIGH may always take: so it never waits for ever. */
  fits({ segments, isHigh }: Weight): boolean {
    const most = isHigh ? this.cap : this.cap - 2 * this.reserve;
    return this.left(isHigh) >= Math.min(segments, Math.max(1, most));
  }

  take(segments: number): void {
    this.taken += segments;
  }

  /** A text that doesn't fit yet isn't overtaken by shorter ones behind it, which would leave it no room for ever. */
  keepFor({ isHigh }: Weight): void {
    if (this.keptFor !== 'high') this.keptFor = isHigh ? 'high' : 'bulk';
  }
}
