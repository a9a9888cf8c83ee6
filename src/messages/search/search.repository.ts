import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { MessageDoc } from '../message.js';
import { positionOf, queriesOf, type Plan, type Position } from './plan.js';

export interface Step {
  /** In the order of the plan; the residual filters are not applied yet. */
  messages: MessageDoc[];
  /** Where the next step begins; undefined after the last step. */
  next: Position | undefined;
}

/** Reads the messages of a plan in steps; each step is a few short queries that read one index. */
@Injectable()
export class SearchRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(@InjectStore() private readonly store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** The next `size` messages; `fields`: only these of each (`_id` besides). */
  async step(
    tenant: TenantId,
    plan: Plan,
    size: number,
    position?: Position,
    { fields, skip = 0 }: { fields?: readonly string[]; skip?: number } = {},
  ): Promise<Step> {
    if (plan.streams.length > 1) return this.mergedStep(tenant, plan, size, position, fields);
    const messages: MessageDoc[] = [];
    for (const { filter, sort } of queriesOf(plan, position)) {
      const limit = size - messages.length;
      if (limit > 0) messages.push(...(await this.messages.find(tenant, filter, { sort, limit, skip, fields })));
    }
    return { messages, next: messages.length === size ? positionOf(plan, messages.at(-1)!) : undefined };
  }

  /** How many messages there are, without the residual filters; stops counting at `most`. */
  async count(tenant: TenantId, plan: Plan, most: number): Promise<number> {
    let total = 0;
    for (const { filter } of queriesOf(plan)) {
      if (total < most) total += await this.messages.count(tenant, filter, { limit: most - total });
    }
    return total;
  }

  /** Merges the streams' ids, then reads the first `size` messages by id. */
  private async mergedStep(
    tenant: TenantId,
    plan: Plan,
    size: number,
    position: Position | undefined,
    fields: readonly string[] | undefined,
  ): Promise<Step> {
    const reads = queriesOf(plan, position).map(
      ({ filter, sort }) =>
        () =>
          this.messages.find(tenant, filter, { sort, limit: size, fields: [] }),
    );
    // The embedded store reads in the order of the calls; the connections of a server don't.
    const found = this.store.kind === 'embedded' ? await Promise.all(reads.map((read) => read())) : await inTurn(reads);
    const ids = [...new Set(found.flat().map(({ _id }) => _id))].sort();
    if (plan.direction === -1) ids.reverse();
    ids.length = Math.min(ids.length, size);
    const order = new Map(ids.map((id, place) => [id, place]));
    const messages = await this.messages.find(tenant, { _id: { $in: ids } }, { fields });
    messages.sort((a, b) => order.get(a._id)! - order.get(b._id)!);
    return { messages, next: ids.length === size ? { id: ids.at(-1)! } : undefined };
  }
}

async function inTurn<T>(reads: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const read of reads) results.push(await read());
  return results;
}
