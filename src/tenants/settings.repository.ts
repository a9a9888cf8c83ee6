import { Injectable } from '@nestjs/common';
import type { SealedValue } from '../common/sealed-values.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import type { Scalar } from '../database/query.js';
import type { Settings, SettingsDoc } from './settings.js';

@Injectable()
export class SettingsRepository {
  private readonly settings: Collection<SettingsDoc>;

  constructor(@InjectStore() store: Store) {
    this.settings = store.collection<SettingsDoc>('app_config');
  }

  get(tenant: TenantId): Promise<SettingsDoc | null> {
    return this.settings.findOne({ _id: documentId(tenant) });
  }

  /**
   * Sets the given fields; null resets a field to its default. Returns false when the settings in `seen`, or the secret, have changed in the
   * meantime.
   */
  async choose(
    tenant: TenantId,
    changes: { [K in keyof Settings]?: Settings[K] | null },
    at: Date,
    seen: Readonly<Record<string, Scalar>>,
    secret?: { was: string | null; sealed: string },
  ): Promise<boolean> {
    const entries = Object.entries(changes);
    const chosen = entries.filter(([, value]) => value !== null).map(([name, value]) => [`chosen.${name}`, value]);
    const dropped = entries.filter(([, value]) => value === null).map(([name]) => [`chosen.${name}`, '']);
    await this.ensure(tenant, at);
    const asSeen = Object.fromEntries(Object.entries(seen).map(([name, value]) => [`chosen.${name}`, value]));
    const { matched } = await this.settings.updateOne(
      { _id: documentId(tenant), ...asSeen, ...(secret ? { on_unknown_secret: secret.was } : {}) },
      {
        $set: {
          ...Object.fromEntries(chosen),
          ...(secret ? { on_unknown_secret: secret.sealed } : {}),
          updated_at: at,
        },
        ...(dropped.length > 0 ? { $unset: Object.fromEntries(dropped) as Record<string, ''> } : {}),
      },
    );
    return matched === 1;
  }

  async setRegistrationSecret(tenant: TenantId, sealed: string, at: Date): Promise<void> {
    await this.ensure(tenant, at);
    await this.settings.updateOne(
      { _id: documentId(tenant) },
      { $set: { registration_secret: sealed, updated_at: at } },
    );
  }

  /** The registration secrets that tenants have set, of all tenants. */
  registrationSecrets(): AsyncIterable<SettingsDoc[]> {
    return this.settings.pages({ registration_secret: { $gt: '' } });
  }

  /** Those of all tenants: a new key is for the whole store. */
  async *sealed(field: 'registration_secret' | 'on_unknown_secret'): AsyncGenerator<SealedValue[]> {
    for await (const page of this.settings.pages({ [field]: { $gt: '' } }))
      yield page.map((doc) => ({ id: doc._id, field, sealed: doc[field]! }));
  }

  async replaceSealed({ id, field, sealed: old }: SealedValue, sealed: string): Promise<boolean> {
    return (await this.settings.updateOne({ _id: id, [field]: old }, { $set: { [field]: sealed } })).matched === 1;
  }

  private async ensure(tenant: TenantId, at: Date): Promise<void> {
    await this.settings.insertMany([{ _id: documentId(tenant), tenant_id: tenant, chosen: {}, updated_at: at }]);
  }
}

function documentId(tenant: TenantId): string {
  return `settings:${tenant}`;
}
