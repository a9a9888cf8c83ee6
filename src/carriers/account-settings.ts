import { Injectable } from '@nestjs/common';
import { hashSecret } from '../common/secrets.js';
import { SealedValues } from '../common/sealed-values.js';
import { Sealer } from '../common/sealer.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { accountKey, type AccountHold, type CarrierAccountDoc } from './account-doc.js';
import { CarrierAccountsRepository } from './carrier-accounts.repository.js';
import { CarrierKinds, type AccountValues, type CarrierKind } from './carrier-kinds.js';

/** The field that callbacks carry in their URL, of the kinds that have one. */
export const CALLBACK_TOKEN = 'callback_token';

export interface AccountSettings {
  tenant: TenantId;
  kind: CarrierKind;
  /** Where it comes from. */
  configured: 'store' | 'environment' | 'built_in';
  accountId: string;
  enabled: boolean;
  /** The fields that aren't secret. */
  shown: AccountValues;
  /** All fields, opened. @throws when a secret can't be opened. */
  values(): AccountValues;
  callbackTokenHash: string | null;
  hold: AccountHold | null;
  /** Changes with the settings. */
  version: string;
  doc: CarrierAccountDoc | null;
}

/** Which account a tenant has at a carrier: what it has stored comes first, then the environment's, then a built-in one. */
@Injectable()
export class AccountSettingsSource {
  constructor(
    private readonly kinds: CarrierKinds,
    private readonly repository: CarrierAccountsRepository,
    private readonly tenants: TenantsService,
    private readonly sealer: Sealer,
    private readonly config: Config,
    sealedValues: SealedValues,
  ) {
    sealedValues.register({
      name: 'secrets of carrier accounts',
      read: () => repository.sealedSecrets(),
      replace: (old, sealed) => repository.replaceSealed(old, sealed),
    });
  }

  async of(tenant: TenantId, kind: CarrierKind): Promise<AccountSettings | null> {
    const doc = await this.repository.get(tenant, kind.name);
    const isDefault = tenant === (await this.tenants.idOf(DEFAULT_TENANT));
    return (
      this.stored(kind, doc) ??
      (isDefault ? this.fromEnvironment(tenant, kind, doc) : null) ??
      this.builtIn(tenant, kind, doc)
    );
  }

  async all(): Promise<AccountSettings[]> {
    const docs = new Map((await this.repository.all()).map((doc) => [doc._id, doc]));
    const found = new Map<string, AccountSettings>();
    const add = (settings: AccountSettings | null): void => {
      const key = settings && accountKey(settings.tenant, settings.kind.name);
      if (key && !found.has(key)) found.set(key, settings);
    };
    for (const doc of docs.values()) {
      const kind = this.kinds.find(doc.carrier);
      if (kind) add(this.stored(kind, doc));
    }
    const docOf = (tenant: TenantId, kind: CarrierKind) => docs.get(accountKey(tenant, kind.name)) ?? null;
    const own = await this.tenants.idOf(DEFAULT_TENANT);
    for (const kind of this.kinds.all) add(this.fromEnvironment(own, kind, docOf(own, kind)));
    for (const kind of this.kinds.all.filter((one) => one.builtIn?.(this.config)))
      for await (const { _id: tenant } of this.tenants.all()) add(this.builtIn(tenant, kind, docOf(tenant, kind)));
    return [...found.values()];
  }

  private stored(kind: CarrierKind, doc: CarrierAccountDoc | null): AccountSettings | null {
    if (doc?.account_id === undefined) return null;
    return {
      tenant: doc.tenant_id,
      kind,
      configured: 'store',
      accountId: doc.account_id,
      enabled: doc.enabled,
      shown: doc.values ?? {},
      values: () => ({ ...doc.values, ...this.openAll(doc.secrets ?? {}) }),
      callbackTokenHash: doc.callback_token_hash ?? null,
      hold: holdOf(doc, doc.account_id),
      version: `${doc.rev}`,
      doc,
    };
  }

  /** Whether the environment gives this account to another tenant. */
  async isElsewhere(tenant: TenantId, kind: CarrierKind, accountId: string): Promise<boolean> {
    const own = await this.tenants.idOf(DEFAULT_TENANT);
    if (tenant === own) return false;
    const settings = await this.of(own, kind);
    return settings?.configured === 'environment' && settings.accountId === accountId;
  }

  private fromEnvironment(tenant: TenantId, kind: CarrierKind, doc: CarrierAccountDoc | null): AccountSettings | null {
    return given(tenant, kind, 'environment', kind.fromEnvironment(this.config), doc);
  }

  private builtIn(tenant: TenantId, kind: CarrierKind, doc: CarrierAccountDoc | null): AccountSettings | null {
    return given(tenant, kind, 'built_in', kind.builtIn?.(this.config) ?? null, doc);
  }

  private openAll(secrets: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(secrets).map(([name, sealed]) => [name, this.sealer.open(sealed)]));
  }
}

function given(
  tenant: TenantId,
  kind: CarrierKind,
  configured: 'environment' | 'built_in',
  values: AccountValues | null,
  doc: CarrierAccountDoc | null,
): AccountSettings | null {
  if (!values) return null;
  const accountId = kind.accountId(values);
  const token = values[CALLBACK_TOKEN];
  return {
    tenant,
    kind,
    configured,
    accountId,
    enabled: true,
    shown: Object.fromEntries(Object.entries(values).filter(([name]) => !kind.secrets.includes(name))),
    values: () => values,
    callbackTokenHash: token === undefined ? null : hashSecret(String(token)),
    hold: holdOf(doc, accountId),
    version: configured,
    doc,
  };
}

function holdOf(doc: CarrierAccountDoc | null, accountId: string): AccountHold | null {
  if (doc?.hold?.account_id !== accountId) return null;
  const { until, code, reason } = doc.hold;
  return { until, code, reason };
}
