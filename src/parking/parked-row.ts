import type { TenantId } from '../common/tenant-id.js';

export const PARKED_KINDS = ['message', 'request', 'import', 'callback', 'inbound'] as const;
export type ParkedKind = (typeof PARKED_KINDS)[number];

/** What a worker finds a row by, to be put back when it is let go. */
export type Sight = Readonly<Record<string, unknown>>;

/** A row that a worker couldn't get through with. It stays where it is, out of the worker's sight, until somebody lets it go. */
export interface ParkedDoc {
  /** The row's own: ids of two kinds are never alike. */
  _id: string;
  tenant_id: TenantId;
  kind: ParkedKind;
  since: Date;
  reason: string;
  sight: Sight;
}

/** Who has rows of a kind says how a worker is kept from one. Every step may come again after a crash. */
export interface Keeper {
  kind: ParkedKind;
  /** Null when it isn't in sight any more, or not as it was seen. */
  sightOf(row: Row): Promise<Sight | null>;
  /** Only while it is as `sight` says. */
  hide(row: Row, sight: Sight): Promise<void>;
  /** Nothing when the row has changed since, so that it needs no worker, or has one. */
  show(parked: ParkedDoc): Promise<void>;
}

export interface Row {
  _id: string;
  tenant_id: TenantId;
  rev?: number;
}
