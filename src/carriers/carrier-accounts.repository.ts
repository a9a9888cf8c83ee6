import { Injectable } from '@nestjs/common';
import type { SealedValue } from '../common/sealed-values.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import { accountKey, type AccountHold, type CarrierAccountDoc } from './account-doc.js';

/** What `PUT /admin/carriers/:name` replaces; a field that is absent is removed. */
export type StoredSettings = Required<Pick<CarrierAccountDoc, 'account_id' | 'values' | 'secrets' | 'enabled'>> &
  Pick<CarrierAccountDoc, 'callback_token_hash' | 'per_second' | 'concurrency' | 'verified_at' | 'exclusive'>;

const MAY_BE_ABSENT = ['callback_token_hash', 'per_second', 'concurrency', 'verified_at', 'exclusive'] as const;

@Injectable()
export class CarrierAccountsRepository {
  private readonly accounts: TenantCollection<CarrierAccountDoc>;

  constructor(@InjectStore() store: Store) {
    this.accounts = new TenantCollection(store.collection<CarrierAccountDoc>('carrier_accounts'));
  }

  get(tenant: TenantId, carrier: string): Promise<CarrierAccountDoc | null> {
    return this.accounts.findOne(tenant, { _id: accountKey(tenant, carrier) });
  }

  /** Those of all tenants: dispatchers serve every one, and callbacks don't say whose they are. */
  async all(): Promise<CarrierAccountDoc[]> {
    const all: CarrierAccountDoc[] = [];
    for await (const page of this.accounts.acrossTenants.pages({})) all.push(...page);
    return all;
  }

  /** @throws DuplicateKeyError when another tenant has the account or the callback token. */
  async put(tenant: TenantId, carrier: string, settings: StoredSettings, at: Date): Promise<void> {
    const absent = MAY_BE_ABSENT.filter((name) => settings[name] === undefined);
    const present = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const unset = Object.fromEntries(absent.map((name) => [name, ''])) as Record<string, ''>;
    await this.upsert(tenant, carrier, at, { ...present, updated_at: at }, unset, { rev: 1 });
  }

  hold(tenant: TenantId, carrier: string, hold: AccountHold & { account_id: string }, at: Date): Promise<void> {
    return this.upsert(tenant, carrier, at, { hold, updated_at: at }, {}, {});
  }

  /** Only while it is the account that was tested. @throws DuplicateKeyError when another tenant has proven it. */
  async verify(account: CarrierAccountDoc, exclusive: boolean, at: Date): Promise<boolean> {
    const { _id, tenant_id, rev } = account;
    const $set = { verified_at: at, ...(exclusive ? { exclusive: true } : {}), updated_at: at };
    return (await this.accounts.updateOne(tenant_id, { _id, rev }, { $set })).matched === 1;
  }

  async remove(tenant: TenantId, carrier: string): Promise<boolean> {
    const stored = { _id: accountKey(tenant, carrier), account_id: { $exists: true } };
    return (await this.accounts.deleteOne(tenant, stored)).deleted === 1;
  }

  /** The secrets of all tenants: a new key is for the whole store. */
  async *sealedSecrets(): AsyncGenerator<SealedValue[]> {
    for await (const page of this.accounts.acrossTenants.pages({}))
      yield page.flatMap(({ _id, secrets }) =>
        Object.entries(secrets ?? {}).map(([name, sealed]) => ({ id: _id, field: `secrets.${name}`, sealed })),
      );
  }

  async replaceSealed({ id, field, sealed: old }: SealedValue, sealed: string): Promise<boolean> {
    const seen = { _id: id, [field]: old };
    return (await this.accounts.acrossTenants.updateOne(seen, { $set: { [field]: sealed } })).matched === 1;
  }

  private async upsert(
    tenant: TenantId,
    carrier: string,
    at: Date,
    $set: Record<string, unknown>,
    $unset: Record<string, ''>,
    $inc: Record<string, number>,
  ): Promise<void> {
    const update = {
      $set: { carrier, ...$set },
      $unset,
      $inc,
      $setOnInsert: {
        created_at: at,
        ...('enabled' in $set ? {} : { enabled: true }),
        ...('rev' in $inc ? {} : { rev: 0 }),
      },
    };
    const given = Object.fromEntries(Object.entries(update).filter(([, fields]) => Object.keys(fields).length > 0));
    const write = () => this.accounts.updateOne(tenant, { _id: accountKey(tenant, carrier) }, given, { upsert: true });
    try {
      await write();
    } catch (error) {
      // Another gateway has made the row at this moment.
      if (!(error instanceof DuplicateKeyError && error.key === '_id')) throw error;
      await write();
    }
  }
}
