import { Injectable } from '@nestjs/common';
import type { Client, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { DailyCountsRepository } from '../counters/daily-counts.repository.js';
import { dayOf, nextMidnight, type Zone } from '../domain/time.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { ApiKeyDoc } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const PAGE = 500;

/** How much of its daily limit each key has used. */
@Injectable()
export class KeyUsageService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly counts: DailyCountsRepository,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** A key sees only itself; a user sees every key that can send or has sent today, newest first. */
  async today(caller: Client | User) {
    const now = this.clock.now();
    const zone = await this.settings.zone(caller.tenant);
    if (caller.kind === 'client') {
      const key = await this.keys.byId(caller.tenant, caller.id);
      return key ? this.shown(caller, [key], now, zone) : [];
    }
    const shown: Awaited<ReturnType<KeyUsageService['shown']>> = [];
    for (let before: string | undefined; ;) {
      const page = await this.keys.list(caller.tenant, PAGE, 0, before);
      const active = new Set(page.filter((key) => key.is_active).map((key) => key._id));
      const rows = await this.shown(caller, page, now, zone);
      shown.push(...rows.filter((row) => active.has(row.client_id) || row.used > 0));
      if (page.length < PAGE) return shown;
      before = page.at(-1)!._id;
    }
  }

  private async shown(caller: Client | User, keys: readonly ApiKeyDoc[], now: Date, zone: Zone) {
    const day = dayOf(now, zone);
    const used = await this.counts.ofDay(
      caller.tenant,
      keys.map((key) => key._id),
      day,
    );
    return keys.map((key) => ({
      client_id: key._id,
      client_name: key.client_name,
      day,
      used: used.get(key._id) ?? 0,
      limit: key.rate_limit_per_day,
      remaining: Math.max(0, key.rate_limit_per_day - (used.get(key._id) ?? 0)),
      resets_at: nextMidnight(now, zone),
    }));
  }
}
