import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { hashSecret } from '../common/secrets.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { accountKey, type AccountHold } from './account-doc.js';
import { AccountSettingsSource, type AccountSettings } from './account-settings.js';
import type { Carrier } from './carrier.js';
import { CarrierAccountsRepository } from './carrier-accounts.repository.js';
import { CarrierKinds, type AccountValues, type CarrierKind } from './carrier-kinds.js';
import type { OpenAccount } from './open-account.js';

/** Other gateways' changes are seen after this time. */
const KEEP_MILLIS = 5000;

export interface Opened {
  settings: AccountSettings;
  /** Null: it can't be opened, which was logged. */
  account: OpenAccount | null;
}

/** The accounts that can send, opened and remembered for a few seconds: those of the store and the one that the environment gives. */
@Injectable()
export class CarrierAccounts {
  private readonly logger = new Logger(CarrierAccounts.name);
  /** By tenant and carrier. An account whose settings haven't changed stays the same object, with the same adapter. */
  private readonly opened = new Map<string, Opened>();
  private known: { all: Promise<Map<string, Opened>>; until: number } | null = null;

  constructor(
    private readonly kinds: CarrierKinds,
    private readonly source: AccountSettingsSource,
    private readonly repository: CarrierAccountsRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The tenant's account at a carrier; null when it has none, or has switched it off. */
  async find(tenant: TenantId, name: string): Promise<OpenAccount | null> {
    const known = await this.look(tenant, name);
    return known?.settings.enabled ? known.account : null;
  }

  /** The same with its settings, also when it is switched off. */
  async look(tenant: TenantId, name: string): Promise<Opened | null> {
    return (await this.current()).get(accountKey(tenant, name)) ?? (await this.openBuiltIn(tenant, name));
  }

  /** All accounts of all tenants that are switched on: dispatchers serve every one of them. */
  async all(): Promise<OpenAccount[]> {
    return this.where(({ enabled }) => enabled);
  }

  /** Those of one tenant that are switched on, in the order in which their kinds are known. */
  async ofTenant(tenant: TenantId): Promise<OpenAccount[]> {
    return this.where((settings) => settings.tenant === tenant && settings.enabled);
  }

  /** Those that callbacks of this account may be for; also one that is switched off, for what it sent before. */
  async byAccountId(name: string, accountId: string): Promise<OpenAccount[]> {
    return this.where((settings) => settings.kind.name === name && settings.accountId === accountId);
  }

  /** The one whose callbacks carry this secret in their URL. Looked up by its hash, so the time that it takes tells nothing. */
  async byCallbackToken(name: string, token: string): Promise<OpenAccount | null> {
    const hash = hashSecret(token);
    return (await this.where((one) => one.kind.name === name && one.callbackTokenHash === hash))[0] ?? null;
  }

  /** Nothing goes out by the account before `until`; every gateway knows it within seconds. A longer hold stays. */
  async hold({ tenant, name, accountId }: OpenAccount, until: Date, code: string, reason: string): Promise<void> {
    const held = (await this.repository.get(tenant, name))?.hold;
    if (held && held.account_id === accountId && held.until >= until) return;
    await this.repository.hold(tenant, name, { until, code, reason, account_id: accountId }, this.clock.now());
    this.forget();
  }

  /** The adapter of values that may not be stored yet. */
  open(tenant: TenantId, kind: CarrierKind, values: AccountValues): Promise<Carrier> {
    return kind.open(values, {
      tenant,
      publicUrl: this.config.publicUrl,
      baseUrl: kind.baseUrl(this.config),
      trustsStandIn: !this.config.isProduction,
      now: () => this.clock.now(),
    });
  }

  /** Something was changed here: the next look reads it. */
  forget(): void {
    this.known = null;
  }

  private async where(matches: (settings: AccountSettings) => boolean): Promise<OpenAccount[]> {
    const found = [...(await this.current()).values()].filter(({ settings }) => matches(settings));
    return found.flatMap(({ account }) => (account ? [account] : []));
  }

  private current(): Promise<Map<string, Opened>> {
    if (this.known && performance.now() < this.known.until) return this.known.all;
    const known = { all: this.read(), until: performance.now() + KEEP_MILLIS };
    known.all.catch(() => {
      if (this.known === known) this.known = null;
    });
    this.known = known;
    return known.all;
  }

  private async read(): Promise<Map<string, Opened>> {
    const current = new Map<string, Opened>();
    for (const settings of await this.source.all()) {
      current.set(accountKey(settings.tenant, settings.kind.name), await this.reopen(settings));
    }
    for (const key of this.opened.keys()) if (!current.has(key)) this.opened.delete(key);
    return current;
  }

  /** A tenant that is younger than what was read has its built-in account as well. */
  private async openBuiltIn(tenant: TenantId, name: string): Promise<Opened | null> {
    const kind = this.kinds.find(name);
    if (!kind?.builtIn) return null;
    const settings = await this.source.of(tenant, kind);
    return settings && this.reopen(settings);
  }

  private async reopen(settings: AccountSettings): Promise<Opened> {
    const key = accountKey(settings.tenant, settings.kind.name);
    const before = this.opened.get(key);
    const opened = { settings, account: await this.accountOf(settings, before) };
    this.opened.set(key, opened);
    return opened;
  }

  private async accountOf(settings: AccountSettings, before: Opened | undefined): Promise<OpenAccount | null> {
    if (before && before.settings.version === settings.version) {
      const { account } = before;
      return !account || isSameHold(account.hold, settings.hold) ? account : { ...account, hold: settings.hold };
    }
    try {
      return await this.openAccount(settings);
    } catch (error) {
      this.logger.error({ err: error }, `the account of ${settings.tenant} at ${settings.kind.title} can't be opened`);
      return null;
    }
  }

  private async openAccount({ tenant, kind, accountId, hold, doc, values }: AccountSettings): Promise<OpenAccount> {
    const opened = values();
    const carrier = await this.open(tenant, kind, opened);
    const { per_second, concurrency } = carrier.capabilities;
    return {
      tenant,
      name: kind.name,
      accountId,
      sender: kind.sender(opened),
      perSecond: doc?.per_second ?? per_second,
      concurrency: doc?.concurrency ?? concurrency,
      hold,
      carrier,
    };
  }
}

function isSameHold(left: AccountHold | null, right: AccountHold | null): boolean {
  return left?.until.getTime() === right?.until.getTime() && left?.code === right?.code;
}
