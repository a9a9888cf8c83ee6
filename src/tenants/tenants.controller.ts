import { Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type, type Static } from 'typebox';
import { Allow } from '../auth/access.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { AuditService } from '../audit/audit.service.js';
import { ValidBody, ValidQuery } from '../common/http/parameters.js';
import { Paging, type Page } from '../common/paging.js';
import { Like, Strict } from '../common/schema.js';
import { showTenant } from './tenant.js';
import { TenantsService } from './tenants.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { Tenant } from './tenant-answers.js';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const NewTenant = Like(
  Strict({
    slug: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      title: 'must be lower-case letters, digits and hyphens',
    }),
    name: Name,
  }),
  { slug: 'safeshop', name: 'SafeShop' },
);
const TenantChange = Like(Strict({ name: Name }), { name: 'SafeShop 2' });
const TenantPage = Strict(Paging);

@ApiTags('tenants')
@Controller('admin/tenants')
@Allow({ role: 'platform_admin' })
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly audit: AuditService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Create a tenant' })
  @Answers(Tenant)
  async create(@Caller() caller: User, @ValidBody(NewTenant) body: Static<typeof NewTenant>) {
    const tenant = await this.tenants.create(body.slug, body.name);
    await this.audit.record(caller, 'CREATE_TENANT', { tenant_id: tenant._id, slug: tenant.slug });
    return showTenant(tenant);
  }

  @Get()
  @ApiOperation({ summary: 'List tenants, newest first' })
  @Answers(PageOf(Tenant))
  list(@ValidQuery(TenantPage) page: Page) {
    return this.tenants.list(page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a tenant' })
  @Answers(Tenant)
  async get(@Param('id') id: string) {
    return showTenant(await this.tenants.get(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a tenant' })
  @Answers(Tenant)
  async rename(
    @Caller() caller: User,
    @Param('id') id: string,
    @ValidBody(TenantChange) body: Static<typeof TenantChange>,
  ) {
    const tenant = await this.tenants.rename(id, body.name);
    await this.audit.record(caller, 'UPDATE_TENANT', { tenant_id: id });
    return showTenant(tenant);
  }
}
