import { Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { AuditService } from '../audit/audit.service.js';
import { IdParams } from '../common/dto/id-params.js';
import { PageQuery } from '../common/dto/page-query.js';
import { ValidBody, ValidParams, ValidQuery } from '../common/http/parameters.js';
import { CreateTenantDto } from './dto/create-tenant.dto.js';
import { RenameTenantDto } from './dto/rename-tenant.dto.js';
import { showTenant } from './tenant.js';
import { TenantsService } from './tenants.service.js';
import { Answers, PageOf } from '../common/http/answers.js';
import { Tenant } from './tenant-answers.js';

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
  async create(@Caller() caller: User, @ValidBody() body: CreateTenantDto) {
    const tenant = await this.tenants.create(body.slug, body.name);
    await this.audit.record(caller, 'CREATE_TENANT', { tenant_id: tenant._id, slug: tenant.slug });
    return showTenant(tenant);
  }

  @Get()
  @ApiOperation({ summary: 'List tenants, newest first' })
  @Answers(PageOf(Tenant))
  list(@ValidQuery() page: PageQuery) {
    return this.tenants.list(page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a tenant' })
  @Answers(Tenant)
  async get(@ValidParams() { id }: IdParams) {
    return showTenant(await this.tenants.get(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a tenant' })
  @Answers(Tenant)
  async rename(@Caller() caller: User, @ValidParams() { id }: IdParams, @ValidBody() body: RenameTenantDto) {
    const tenant = await this.tenants.rename(id, body.name);
    await this.audit.record(caller, 'UPDATE_TENANT', { tenant_id: id });
    return showTenant(tenant);
  }
}
