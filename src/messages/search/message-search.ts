import { Injectable } from '@nestjs/common';
import { invalidField } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { MessageDoc } from '../message.js';
import { fieldsOf, matches, positionOf, type Plan, type Position } from './plan.js';
import { SearchRepository } from './search.repository.js';

/** How many messages one call checks when the index alone can't decide; the page has the matches among them. */
const MOST_LOOKED_AT = 2000;
const STEP = 250;
const SKIP_STEP = 500;
/** A total stops counting here. */
const MOST_COUNTED = 10_000;

export interface FoundPage {
  messages: MessageDoc[];
  next: Position | undefined;
}
export interface Total {
  total: number;
  /** True when there are more messages than were counted. */
  total_is_more?: true;
}

@Injectable()
export class MessageSearch {
  constructor(private readonly repository: SearchRepository) {}

  /** A page may be shorter than its limit and still have a `next`: then this call checked its maximum, and the next call continues. */
  async page(tenant: TenantId, plan: Plan, { limit, skip }: Page, from?: Position): Promise<FoundPage> {
    const plain = plan.residual.length === 0;
    if (plain && plan.streams.length === 1 && !plan.ranged)
      return this.repository.step(tenant, plan, limit, from, { skip });
    const found: MessageDoc[] = [];
    const most = plain ? Infinity : MOST_LOOKED_AT;
    let left = skip;
    let position = from;
    for (let looked = 0; looked < most;) {
      const size = !plain ? STEP : left > 0 ? Math.min(left, SKIP_STEP) : limit - found.length;
      const step = await this.repository.step(tenant, plan, size, position);
      for (const message of step.messages) {
        if (!matches(plan, message) || left-- > 0) continue;
        if (found.push(message) === limit) return { messages: found, next: positionOf(plan, message) };
      }
      if (!step.next) return { messages: found, next: undefined };
      position = step.next;
      looked += size;
    }
    if (left > 0) throw invalidField('skip', 'is too far for this search; use `cursor`');
    return { messages: found, next: position };
  }

  async total(tenant: TenantId, plan: Plan): Promise<Total> {
    if (plan.residual.length === 0) {
      const counted = await this.repository.count(tenant, plan, MOST_COUNTED + 1);
      return counted > MOST_COUNTED ? { total: MOST_COUNTED, total_is_more: true } : { total: counted };
    }
    const fields = fieldsOf(plan);
    let total = 0;
    let position: Position | undefined;
    for (let looked = 0; looked < MOST_COUNTED; looked += SKIP_STEP) {
      const step = await this.repository.step(tenant, plan, SKIP_STEP, position, { fields });
      total += step.messages.filter((message) => matches(plan, message)).length;
      if (!step.next) return { total };
      position = step.next;
    }
    return { total, total_is_more: true };
  }
}
