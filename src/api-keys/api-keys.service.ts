import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Scope, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { hashSecret, newSecret } from '../common/secrets.js';
import { ShortCache } from '../common/short-cache.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { showApiKey, type ApiKeyDoc } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

export interface NewApiKey {
  client_name: string;
  scopes?: readonly Scope[] | undefined;
  rate_limit_per_day?: number | null | undefined;
  expires_at?: Date | null | undefined;
}

@Injectable()
export class ApiKeysService {
  private readonly byHash = new ShortCache<ApiKeyDoc>((hash) => this.repository.byHash(hash));

  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Returns the key with this secret, also if it is disabled or expired; null when there is none. */
  bySecret(secret: string): Promise<ApiKeyDoc | null> {
    return this.byHash.get(hashSecret(secret));
  }

  byId(tenant: TenantId, id: string): Promise<ApiKeyDoc | null> {
    return this.repository.byId(tenant, id);
  }

  async create(caller: User, fields: NewApiKey) {
    const now = this.clock.now();
    const secret = newSecret('tlk');
    const key: ApiKeyDoc = {
      _id: newId('key'),
      tenant_id: caller.tenant,
      client_name: fields.client_name,
      scopes: [...new Set(fields.scopes ?? (['sms:send', 'sms:read'] as const))],
      rate_limit_per_day: this.limitOrDefault(fields.rate_limit_per_day),
      is_active: true,
      ...keyFields(secret),
      expires_at: fields.expires_at ?? null,
      created_at: now,
      updated_at: now,
    };
    await this.repository.insert(key);
    await this.audit.record(caller, 'CREATE_API_KEY', {
      api_key_id: key._id,
      client_name: key.client_name,
      scopes: key.scopes,
    });
    return { ...showApiKey(key), plain_key: secret };
  }

  async list(caller: User, page: Page): Promise<List<ReturnType<typeof showApiKey>>> {
    return listOf(await this.repository.list(caller.tenant, page.limit, page.skip, cursorId(page)), page, showApiKey);
  }

  async get(caller: User, id: string) {
    const key = await this.repository.byId(caller.tenant, id);
    if (!key) throw notFound('api_key', id);
    return showApiKey(key);
  }

  async update(caller: User, id: string, fields: Partial<NewApiKey> & { is_active?: boolean | undefined }) {
    const { rate_limit_per_day, ...others } = fields;
    const set: Partial<ApiKeyDoc> = {};
    for (const [name, value] of Object.entries(others)) if (value !== undefined) Object.assign(set, { [name]: value });
    if (rate_limit_per_day !== undefined) set.rate_limit_per_day = this.limitOrDefault(rate_limit_per_day);
    const key = await this.change(caller, id, { ...set, updated_at: this.clock.now() });
    await this.audit.record(caller, 'UPDATE_API_KEY', { api_key_id: id, fields: Object.keys(set) });
    return showApiKey(key);
  }

  async disable(caller: User, id: string): Promise<void> {
    await this.change(caller, id, { is_active: false, updated_at: this.clock.now() });
    await this.audit.record(caller, 'DISABLE_API_KEY', { api_key_id: id });
  }

  /** The old key stops working at once. */
  async rotate(caller: User, id: string) {
    const secret = newSecret('tlk');
    const key = await this.change(caller, id, { ...keyFields(secret), updated_at: this.clock.now() });
    await this.audit.record(caller, 'ROTATE_API_KEY', { api_key_id: id });
    return { ...showApiKey(key), plain_key: secret };
  }

  private async change(caller: User, id: string, set: Partial<ApiKeyDoc>): Promise<ApiKeyDoc> {
    const key = await this.repository.update(caller.tenant, id, set);
    if (!key) throw notFound('api_key', id);
    this.byHash.forgetWhere((known) => known._id === id);
    return key;
  }

  private limitOrDefault(limit: number | null | undefined): number {
    return limit && limit > 0 ? limit : this.config.APIKEY_RATE_LIMIT_PER_DAY_DEFAULT;
  }
}

function keyFields(secret: string): Pick<ApiKeyDoc, 'key_hash' | 'key_hint'> {
  return { key_hash: hashSecret(secret), key_hint: secret.slice(-4) };
}
