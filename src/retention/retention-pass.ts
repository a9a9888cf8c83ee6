import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../common/clock.js';
import { idTime } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { DAY_MILLIS, HOUR_MILLIS, hourOf, later } from '../domain/time.js';
import { HourFreezer } from '../messages/counting/hour-freezer.js';
import { SettingsService } from '../tenants/settings.service.js';
import { RetentionRepository, type RetentionState, type RetentionTask, type Span } from './retention.repository.js';

/** Between batches, so that phones and clients get in between. */
const PAUSE_MILLIS = 5;

/**
 * Takes texts away after some days and messages after some more, by whole hours of acceptance. An hour in which a message still waits is
 * left for the next pass; every other hour is looked at once. Cut off anywhere, the next pass does the hour again.
 */
@Injectable()
export class RetentionPass {
  constructor(
    private readonly repository: RetentionRepository,
    private readonly freezer: HourFreezer,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  async pass(tenant: TenantId, signal: AbortSignal): Promise<void> {
    const { remove_messages_after_days: removeAfter, blank_texts_after_days: blankAfter } =
      await this.settings.get(tenant);
    if (removeAfter !== null) await this.remove(tenant, this.before(removeAfter), signal);
    if (blankAfter !== null) await this.blank(tenant, this.before(blankAfter), signal);
  }

  /** The beginning of the hour that many days ago: everything before it is old enough. */
  private before(days: number): Date {
    return hourOf(later(this.clock.now(), -days * DAY_MILLIS));
  }

  private async blank(tenant: TenantId, before: Date, signal: AbortSignal): Promise<void> {
    const state = await this.hours(tenant, 'blank', before, signal, async (hour) => {
      for (let after: string | null = null; ;) {
        after = await this.repository.blankMessages(tenant, hour, after, this.clock.now());
        await this.pause(signal);
        if (after === null) return;
      }
    });
    if (!state) return;
    for (;;) {
      const last = await this.repository.blankInbound(tenant, before, state.inbound_after, this.clock.now());
      if (last === null) return;
      state.inbound_after = last;
      if (!(await this.save(state))) return;
      await this.pause(signal);
    }
  }

  private async remove(tenant: TenantId, before: Date, signal: AbortSignal): Promise<void> {
    await this.hours(tenant, 'remove', before, signal, async (hour, isWaiting) => {
      if (isWaiting) return;
      await this.freezer.freeze(tenant, hour.from);
      // The messages last: as long as there is one, the hour is found again.
      while (await this.repository.removeRequests(tenant, hour)) await this.pause(signal);
      while (await this.repository.removeMessages(tenant, hour)) await this.pause(signal);
    });
    while (await this.repository.removeInbound(tenant, before)) await this.pause(signal);
  }

  /** Does `work` for each hour that has messages and is not done. Null: another gateway is at it. */
  private async hours(
    tenant: TenantId,
    task: RetentionTask,
    before: Date,
    signal: AbortSignal,
    work: (hour: Span, isWaiting: boolean) => Promise<void>,
  ): Promise<RetentionState | null> {
    const state = await this.repository.state(tenant, task);
    for (const from of state.left) {
      const hour = hourAt(from);
      if (await this.repository.isWaiting(tenant, hour)) continue;
      await work(hour, false);
      state.left = state.left.filter((other) => other.getTime() !== from.getTime());
      if (!(await this.save(state))) return null;
      await this.pause(signal);
    }
    while (state.done_before < before) {
      const first = await this.repository.firstMessage(tenant, { from: state.done_before, to: before });
      if (first) {
        const hour = hourAt(hourOf(idTime(first)));
        const isWaiting = await this.repository.isWaiting(tenant, hour);
        await work(hour, isWaiting);
        if (isWaiting) state.left = [...state.left, hour.from];
        state.done_before = hour.to;
      } else state.done_before = before;
      if (!(await this.save(state))) return null;
      await this.pause(signal);
    }
    return state;
  }

  private async save(state: RetentionState): Promise<boolean> {
    const isSaved = await this.repository.save(state);
    state.rev++;
    return isSaved;
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await sleep(PAUSE_MILLIS, undefined, { signal });
  }
}

function hourAt(from: Date): Span {
  return { from, to: later(from, HOUR_MILLIS) };
}
