import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';

/** "This text to this number was accepted lately, as this message". */
export interface FingerprintDoc {
  _id: string;
  tenant_id: TenantId;
  request_id: string;
  message_id: string;
  at: Date;
  expires_at: Date;
}

@Injectable()
export class FingerprintsRepository {
  private readonly fingerprints: Collection<FingerprintDoc>;

  constructor(@InjectStore() store: Store) {
    this.fingerprints = store.collection<FingerprintDoc>('fingerprints');
  }

  static key(tenant: TenantId, hash: string): string {
    return `${tenant}:${hash}`;
  }

  /** Takes those that nobody has; answers the positions of the others. */
  async takeFree(fingerprints: readonly FingerprintDoc[]): Promise<number[]> {
    return (await this.fingerprints.insertMany(fingerprints)).duplicates;
  }

  async byIds(ids: readonly string[]): Promise<Map<string, FingerprintDoc>> {
    const found = await this.fingerprints.find({ _id: { $in: ids } });
    return new Map(found.map((fingerprint) => [fingerprint._id, fingerprint]));
  }

  /** Takes over, each only while it is as it was seen. */
  async takeOver(changes: readonly { seen: FingerprintDoc; mine: FingerprintDoc }[]): Promise<boolean[]> {
    const { matched } = await this.fingerprints.updateEach(
      changes.map(({ seen, mine: { _id, ...mine } }) => ({
        filter: { _id, message_id: seen.message_id, at: seen.at },
        update: { $set: mine },
      })),
    );
    return matched;
  }

  /** Gives up what the request still owns. */
  async release(requestId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.fingerprints.deleteMany({ _id: { $in: ids }, request_id: requestId });
  }
}
