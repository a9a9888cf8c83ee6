import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { User } from '../auth/principal.js';
import { forbidden } from '../common/errors.js';
import { TenantsService } from '../tenants/tenants.service.js';

/** A platform administrator works in the tenant that `X-Tenant` names; everybody else only in their own. */
@Injectable()
export class TenantChoice {
  constructor(private readonly tenants: TenantsService) {}

  async apply(user: User, request: FastifyRequest): Promise<User> {
    const slug = request.headers['x-tenant'];
    if (typeof slug !== 'string' || slug === '') return user;
    if (user.role === 'platform_admin') return { ...user, tenant: await this.tenants.idOf(slug) };
    if ((await this.tenants.bySlug(slug))?._id === user.tenant) return user;
    throw forbidden('X-Tenant is for platform administrators.');
  }
}
