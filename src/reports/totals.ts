import type { MessageStatus } from '../domain/message-status.js';
import { isSent, type CountCell } from '../messages/counting/count-cells.js';

/** Prices have at most as many decimals as this has zeros. */
const SMALLEST_PRICE = 1_000_000;

/** Price of a segment by route (`agent:agt_...`) or kind of route (`agent`). */
export type SegmentPrices = Readonly<Record<string, number>>;

/** One row of a summary while it is added up. */
export class Totals {
  private readonly counts = {
    total: 0,
    sent: 0,
    delivered: 0,
    failed: 0,
    pending: 0,
    canceled: 0,
    undelivered: 0,
    confirmed_late: 0,
  };
  private segments = 0;
  private segmentsSent = 0;
  private cost: number | undefined;

  constructor(private readonly prices: SegmentPrices) {}

  add(cell: CountCell): void {
    for (const [status, count] of Object.entries(cell.counts) as [MessageStatus, number][]) {
      this.counts.total += count;
      this.counts[columnOf(status)] += count;
      if (status === 'DELIVERED') this.counts.delivered += count;
    }
    this.counts.undelivered += cell.undelivered;
    this.counts.confirmed_late += cell.confirmed_late ?? 0;
    this.segments += cell.segments;
    this.segmentsSent += cell.segments_sent;
    const price = this.prices[cell.route] ?? this.prices[cell.route.slice(0, cell.route.indexOf(':'))];
    if (price !== undefined) this.cost = (this.cost ?? 0) + price * cell.segments_sent;
  }

  get total(): number {
    return this.counts.total;
  }

  show(currency: string | null) {
    const cost = this.cost === undefined ? undefined : Math.round(this.cost * SMALLEST_PRICE) / SMALLEST_PRICE;
    return {
      ...this.counts,
      segments: this.segments,
      segments_sent: this.segmentsSent,
      ...(cost === undefined ? {} : { cost, ...(currency ? { currency } : {}) }),
    };
  }
}

/** Every message is in exactly one of these, so that they add up to the total. */
function columnOf(status: MessageStatus): 'sent' | 'failed' | 'canceled' | 'pending' {
  if (isSent(status)) return 'sent';
  if (status === 'FAILED') return 'failed';
  return status === 'CANCELED' ? 'canceled' : 'pending';
}
