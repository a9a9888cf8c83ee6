import { idsFrom, idTime, type IdPrefix } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';
import type { Filter } from './query.js';
import type { TenantCollection, TenantDoc, TenantFilter } from './tenant-collection.js';

const BATCH = 200;

/** Reads a collection by the time in its rows' ids, in small batches; used for data that expires. */
export class OldRows<T extends TenantDoc> {
  constructor(
    private readonly rows: TenantCollection<T>,
    private readonly prefix: IdPrefix,
  ) {}

  /** When the first row of a span was created; null when there is none. */
  async first(tenant: TenantId, span: Span, also: TenantFilter<T> = {}): Promise<Date | null> {
    const options = { sort: { _id: 1 }, fields: ['_id'] } as const;
    const row = await this.rows.findOne(tenant, this.within(span, null, also), options);
    return row && idTime(row._id);
  }

  async has(tenant: TenantId, span: Span, also: TenantFilter<T>): Promise<boolean> {
    return (await this.rows.count(tenant, this.within(span, null, also), { limit: 1 })) > 0;
  }

  /**
   * Calls `work` with the `fields` of a batch of rows; `work` chooses the rows to change, so that no query reads more rows than it returns.
   * Returns the last id, or null when no row follows it.
   */
  async batch<F extends keyof T & string>(
    tenant: TenantId,
    span: Span,
    after: string | null,
    fields: readonly F[],
    work: (rows: Pick<T, '_id' | F>[]) => Promise<unknown>,
  ): Promise<string | null> {
    const options = { sort: { _id: 1 }, limit: BATCH, fields } as const;
    const rows = await this.rows.find(tenant, this.within(span, after, {}), options);
    if (rows.length > 0) await work(rows);
    return rows.length < BATCH ? null : rows.at(-1)!._id;
  }

  /** Removes the rows of a batch that match `also`; returns the same as `batch`. */
  async remove(tenant: TenantId, span: Span, after: string | null, also: TenantFilter<T> = {}): Promise<string | null> {
    const options = { sort: { _id: 1 }, limit: BATCH, fields: [] } as const;
    const rows = await this.rows.find(tenant, this.within(span, after, also), options);
    if (rows.length === 0) return null;
    const last = rows.at(-1)!._id;
    const filter = { ...also, _id: { $gte: rows[0]!._id, $lte: last }, tenant_id: tenant };
    await this.rows.acrossTenants.deleteMany(filter as unknown as Filter<T>);
    return rows.length < BATCH ? null : last;
  }

  private within({ from, to }: Span, after: string | null, also: TenantFilter<T>): TenantFilter<T> {
    const begin = after === null ? { $gte: idsFrom(this.prefix, from) } : { $gt: after };
    return { ...also, _id: { ...begin, $lt: idsFrom(this.prefix, to) } };
  }
}
