import type { TenantId } from '../../common/tenant-id.js';

/** What somebody proves by a code, or a link, that was sent to an address. */
export interface ConfirmationDoc {
  _id: string;
  tenant_id: TenantId;
  /** What is proven, and of whom: `phone:per_...`. Of several the newest counts. */
  subject: string;
  /** Where it was sent. */
  address: string;
  code_hash: string;
  /** Of the token in a link. */
  token_hash?: string;
  /** Codes that were tried. */
  tries: number;
  /** What is done once it is proven. */
  data?: Readonly<Record<string, string | number>>;
  expires_at: Date;
  purge_at: Date;
}

/** How many codes may be tried. */
export const MOST_TRIES = 5;
