import type { TenantId } from '../common/tenant-id.js';
import type { Zone } from '../domain/time.js';
import type { RequestDoc } from './request.js';

/** A request on its way to being accepted: checked whole, nothing of it stored yet. */
export interface PreparedRequest {
  tenant: TenantId;
  clientId: string;
  /** Whose midnight begins the days of the limits. */
  zone: Zone;
  /** Messages per day; null: nobody limits the submitter. */
  dailyLimit: number | null;
  /** How long the same text to the same number is a duplicate; 0: never. */
  duplicateMinutes: number;
  /** Asked for again by hand: no duplicate of what was sent lately, though later ones are duplicates of it. */
  onPurpose?: true;
  request: Omit<RequestDoc, 'total_created' | 'total_skipped' | 'total_segments' | 'counter_id' | 'recipients'> & {
    recipients: NonNullable<RequestDoc['recipients']>;
  };
  /** Texts abroad on a day; null: no limit. */
  abroadLimit: number | null;
  /** Per recipient, in order: where abroad it goes (see `destinationAbroad`), null at home. */
  destinations: readonly (string | null)[];
  /** Per recipient, in order: what the text hashes to and how many segments it has. */
  hashes: readonly string[];
  segments: readonly number[];
}
