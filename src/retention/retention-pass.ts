import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { DAY_MILLIS, HOUR_MILLIS, hourOf, later, type Span } from '../domain/time.js';
import { Expirables, type Expirable } from '../expirables/expirables.js';
import { SettingsService } from '../tenants/settings.service.js';
import { RetentionRepository, type RetentionState } from './retention.repository.js';

/** The pause between batches, so that calls of phones and clients can run in between. */
const PAUSE_MILLIS = 5;

/**
 * Removes data that is old by a tenant's settings, by whole hours of its creation. An hour with a row that is still in use is left for the
 * next pass; every other hour is done once. If a pass is interrupted, the next one does that hour again.
 */
@Injectable()
export class RetentionPass {
  constructor(
    private readonly repository: RetentionRepository,
    private readonly expirables: Expirables,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  async pass(tenant: TenantId, signal: AbortSignal): Promise<void> {
    const settings = await this.settings.get(tenant);
    for (const expirable of this.expirables.all) {
      const days = settings[expirable.setting];
      if (days !== null) await this.walk(tenant, expirable, this.before(days), signal);
    }
    for (const { setting, expire } of this.expirables.sweeps) {
      const days = settings[setting];
      if (days === null) continue;
      const before = later(this.clock.now(), -days * DAY_MILLIS);
      await this.allOf((after) => expire(tenant, before, after), signal);
    }
  }

  /** The beginning of the hour this many days ago: everything before it is old enough. */
  private before(days: number): Date {
    return hourOf(later(this.clock.now(), -days * DAY_MILLIS));
  }

  /** Does every hour that has rows and is not done; stops when another gateway is doing the same. */
  private async walk(tenant: TenantId, expirable: Expirable, before: Date, signal: AbortSignal): Promise<void> {
    const state = await this.repository.state(tenant, expirable.does, expirable.collection);
    for (const from of state.left) {
      const hour = hourAt(from);
      if (await expirable.isUnderWay?.(tenant, hour)) continue;
      await this.expire(tenant, expirable, hour, signal);
      state.left = state.left.filter((other) => other.getTime() !== from.getTime());
      if (!(await this.save(state, signal))) return;
    }
    while (state.done_before < before) {
      const first = await expirable.first(tenant, { from: state.done_before, to: before });
      if (first) {
        const hour = hourAt(hourOf(first));
        const isUnderWay = (await expirable.isUnderWay?.(tenant, hour)) ?? false;
        if (!isUnderWay || expirable.does === 'blank') await this.expire(tenant, expirable, hour, signal);
        if (isUnderWay) state.left = [...state.left, hour.from];
        state.done_before = hour.to;
      } else state.done_before = before;
      if (!(await this.save(state, signal))) return;
    }
  }

  private expire(tenant: TenantId, expirable: Expirable, hour: Span, signal: AbortSignal): Promise<void> {
    return this.allOf((after) => expirable.expire(tenant, hour, after), signal);
  }

  private async allOf(batch: (after: string | null) => Promise<string | null>, signal: AbortSignal): Promise<void> {
    let after: string | null = null;
    do {
      after = await batch(after);
      await this.pause(signal);
    } while (after !== null);
  }

  private async save(state: RetentionState, signal: AbortSignal): Promise<boolean> {
    const isSaved = await this.repository.save(state);
    state.rev++;
    await this.pause(signal);
    return isSaved;
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await sleep(PAUSE_MILLIS, undefined, { signal });
  }
}

function hourAt(from: Date): Span {
  return { from, to: later(from, HOUR_MILLIS) };
}
