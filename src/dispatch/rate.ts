/**
 * So many texts a second: a bucket that fills steadily and holds one second's worth. Measured by a clock that nobody sets, in
 * milliseconds.
 */
export class Rate {
  private tokens: number;
  private filledAt: number;

  constructor(
    private perSecond: number,
    private readonly millis: () => number = () => performance.now(),
  ) {
    this.tokens = this.most;
    this.filledAt = millis();
  }

  set(perSecond: number): void {
    this.fill();
    this.perSecond = perSecond;
    this.tokens = Math.min(this.tokens, this.most);
  }

  /** How many texts may go now. */
  get room(): number {
    this.fill();
    return Math.floor(this.tokens);
  }

  /** Milliseconds until at least one may go. */
  get wait(): number {
    this.fill();
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / this.perSecond) * 1000);
  }

  take(count: number): void {
    this.tokens -= count;
  }

  /** Below one a second it holds one text, so that any goes at all. */
  private get most(): number {
    return Math.max(1, this.perSecond);
  }

  private fill(): void {
    const now = this.millis();
    this.tokens = Math.min(this.most, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
  }
}
