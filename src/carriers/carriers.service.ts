import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ApiError } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { CALLBACK_TOKEN } from './account-settings.js';
import { CarrierAccounts, type Opened } from './carrier-accounts.js';
import { CarrierKinds, type CarrierKind } from './carrier-kinds.js';
import { CarrierNotes } from './carrier-notes.js';

/** What a tenant sees of its carriers. */
@Injectable()
export class CarriersService {
  constructor(
    private readonly kinds: CarrierKinds,
    private readonly accounts: CarrierAccounts,
    private readonly notes: CarrierNotes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Every carrier that there is, also those that the tenant hasn't set up. */
  async list(tenant: TenantId) {
    const items = await Promise.all(this.kinds.all.map(({ name }) => this.get(tenant, name)));
    return { items, count: items.length, alarms: await this.notes.alarms(tenant) };
  }

  /** `callbackToken`: shown in the URLs, this once. */
  async get(tenant: TenantId, name: string, callbackToken?: string) {
    const kind = this.mustFind(name);
    const opened = await this.accounts.look(tenant, name);
    const settings = opened?.settings;
    const account = opened?.account ?? null;
    const { doc = null, hold = null } = settings ?? {};
    const now = this.clock.now();
    return {
      name,
      title: kind.title,
      route: `carrier:${name}`,
      configured: settings?.configured ?? null,
      enabled: settings?.enabled ?? false,
      account_id: settings?.accountId ?? null,
      account: settings?.shown ?? null,
      per_second: account?.perSecond ?? null,
      concurrency: account?.concurrency ?? null,
      verified_at: settings?.configured === 'store' ? (doc?.verified_at ?? null) : null,
      capabilities: account?.carrier.capabilities ?? null,
      callback_urls: this.callbackUrls(kind, callbackToken),
      problem: problemOf(opened),
      hold: hold && hold.until > now ? hold : null,
      health: await this.notes.health({ tenant, name, hold }, now),
      today: await this.notes.today(tenant, name),
      created_at: doc?.created_at ?? null,
      updated_at: doc?.updated_at ?? null,
    };
  }

  /** @throws ApiError 404 */
  mustFind(name: string): CarrierKind {
    const kind = this.kinds.find(name);
    if (kind) return kind;
    const names = this.kinds.all.map((one) => one.name).join(', ');
    throw new ApiError(404, 'carrier_not_found', `There is no carrier of this name. There are: ${names}.`);
  }

  private callbackUrls(kind: CarrierKind, token = `{${CALLBACK_TOKEN}}`): Record<string, string> | null {
    const { callbackPaths = {} } = kind;
    const { publicUrl } = this.config;
    if (publicUrl === null) return null;
    const url = (path: string) => publicUrl + path.replace(`{${CALLBACK_TOKEN}}`, token);
    return Object.fromEntries(Object.entries(callbackPaths).map(([about, path]) => [about, url(path)]));
  }
}

function problemOf(opened: Opened | null): string | null {
  if (!opened || opened.account) return null;
  return opened.settings.configured === 'store'
    ? 'The account can not be opened, perhaps because its secrets were encrypted with another SECRETS_KEY. Send them again with PUT.'
    : 'The account can not be opened; the log says why.';
}
