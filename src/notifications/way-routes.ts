import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { WAYS, type Way } from '../domain/preference.js';
import { RouteChoice } from '../routing/route-choice.js';

/** Where each way leaves at the moment; null: nothing of the tenant's sends by it. */
export type RouteOf = Readonly<Record<Way, string | null>>;

@Injectable()
export class WayRoutes {
  constructor(private readonly routes: RouteChoice) {}

  async of(tenant: TenantId): Promise<RouteOf> {
    const [email, sms, push] = await this.routes.chooseEach(tenant, WAYS);
    return { email: email!, sms: sms!, push: push! };
  }
}
