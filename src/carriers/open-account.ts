import type { TenantId } from '../common/tenant-id.js';
import type { Carrier } from './carrier.js';

/** An account that is ready to send. A new object each time its settings change. */
export interface OpenAccount {
  tenant: TenantId;
  /** The carrier's name: `twilio`. */
  name: string;
  /** What the provider calls the account. */
  accountId: string;
  /** By whom its texts come; null: it isn't fixed. */
  sender: string | null;
  /** Texts a second and calls at the same time, after the account's own settings. */
  perSecond: number;
  concurrency: number;
  /** Nothing goes out by it before then, and why; it is stored, so that every gateway and the next start know it. */
  hold: { until: Date; code: string; reason: string } | null;
  carrier: Carrier;
}
