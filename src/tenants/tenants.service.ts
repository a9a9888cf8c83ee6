import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { conflict, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { ShortCache } from '../common/short-cache.js';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import { DuplicateKeyError } from '../database/query.js';
import { DEFAULT_TENANT, showTenant, type TenantDoc } from './tenant.js';
import { TenantsRepository } from './tenants.repository.js';

const ALL_PAGE = 200;

@Injectable()
export class TenantsService implements OnModuleInit {
  private readonly slugs = new ShortCache<TenantDoc>((slug) => this.repository.bySlug(slug));

  constructor(
    private readonly repository: TenantsRepository,
    private readonly clock: Clock,
  ) {}

  /** Creates the default tenant before anything else needs it. */
  async onModuleInit(): Promise<void> {
    if (await this.repository.bySlug(DEFAULT_TENANT)) return;
    await this.insert(DEFAULT_TENANT, 'Default').catch((error: unknown) => {
      if (!(error instanceof DuplicateKeyError)) throw error;
    });
  }

  async create(slug: string, name: string): Promise<TenantDoc> {
    try {
      return await this.insert(slug, name);
    } catch (error) {
      if (error instanceof DuplicateKeyError)
        throw conflict('tenant_exists', `A tenant with the slug ${slug} already exists.`);
      throw error;
    }
  }

  bySlug(slug: string): Promise<TenantDoc | null> {
    return this.slugs.get(slug);
  }

  async idOf(slug: string): Promise<TenantId> {
    const tenant = await this.bySlug(slug);
    if (!tenant) throw notFound('tenant', slug);
    return tenant._id;
  }

  async get(id: string): Promise<TenantDoc> {
    const tenant = await this.repository.byId(id);
    if (!tenant) throw notFound('tenant', id);
    return tenant;
  }

  async list(page: Page): Promise<List<ReturnType<typeof showTenant>>> {
    return listOf(await this.repository.list(page.limit, page.skip, cursorId(page)), page, showTenant);
  }

  firstBySlug(limit: number): Promise<TenantDoc[]> {
    return this.repository.firstBySlug(limit);
  }

  /** Every tenant, for workers and commands. */
  async *all(): AsyncGenerator<TenantDoc> {
    for (let before: string | undefined; ;) {
      const page = await this.repository.list(ALL_PAGE, 0, before);
      yield* page;
      if (page.length < ALL_PAGE) return;
      before = page.at(-1)!._id;
    }
  }

  async rename(id: string, name: string): Promise<TenantDoc> {
    const tenant = await this.repository.rename(asTenantId(id), name, this.clock.now());
    if (!tenant) throw notFound('tenant', id);
    this.slugs.forget(tenant.slug);
    return tenant;
  }

  private async insert(slug: string, name: string): Promise<TenantDoc> {
    const now = this.clock.now();
    const tenant = { _id: asTenantId(newId('ten')), slug, name, created_at: now, updated_at: now };
    await this.repository.insert(tenant);
    return tenant;
  }
}
