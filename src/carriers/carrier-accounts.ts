import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { OpenAccount } from './open-account.js';

/** The accounts that can send, opened and remembered for a few seconds: those of the store and the one that the environment gives. */
@Injectable()
export class CarrierAccounts {
  /** The tenant's account at a carrier; null when it has none, or has switched it off. */
  async find(_tenant: TenantId, _name: string): Promise<OpenAccount | null> {
    return null;
  }

  /** All accounts of all tenants: dispatchers serve every one of them. */
  async all(): Promise<OpenAccount[]> {
    return [];
  }

  /** Those that callbacks of this account may be for. */
  async byAccountId(_name: string, _accountId: string): Promise<OpenAccount[]> {
    return [];
  }

  /** The one whose callbacks carry this secret in their URL. */
  async byCallbackToken(_name: string, _token: string): Promise<OpenAccount | null> {
    return null;
  }

  /** Nothing goes out by the account before `until`; every gateway knows it within seconds. */
  async hold(_account: OpenAccount, _until: Date, _code: string, _reason: string): Promise<void> {}
}
