import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict, forbidden } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { hashSecret, newSecret, sameSecret } from '../common/secrets.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { DuplicateKeyError } from '../database/query.js';
import { SettingsService } from '../tenants/settings.service.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { toldSims, type ReportedSim } from './sims.js';

export interface Registration {
  deviceId: string;
  label?: string | undefined;
  secret?: string | undefined;
  tenantSlug?: string | undefined;
  rotate: boolean;
  sims?: readonly ReportedSim[] | undefined;
  appVersion?: string | undefined;
  /** A token that the caller has already. */
  token?: string | undefined;
  address: string;
}
export type Registered =
  { status: 'ok' | 'rotated'; agent_id: string; agent_token: string } | { status: 'exists'; agent_id: string };

@Injectable()
export class RegistrationService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly settings: SettingsService,
    private readonly tenants: TenantsService,
    private readonly throttle: RegistrationThrottle,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 403 without the tenant's secret, 429 after too many wrong ones. */
  async register(registration: Registration): Promise<Registered> {
    const self = registration.token ? await this.directory.byToken(registration.token) : null;
    if (self?.is_active) return this.renew(self, registration);
    const tenant = await this.throttle.inTurn(() => this.tenantOf(registration));
    const known = await this.repository.byDevice(tenant, registration.deviceId);
    if (!known) {
      try {
        return await this.create(tenant, registration);
      } catch (error) {
        if (!(error instanceof DuplicateKeyError)) throw error;
      }
    }
    const device = known ?? (await this.repository.byDevice(tenant, registration.deviceId));
    if (!device) throw conflict('device_changed', 'The device was changed meanwhile. Register again.');
    if (device.is_active && registration.rotate && (await this.settings.get(tenant)).agent_rotation === 'old_token') {
      throw forbidden(
        'This device is known: register with its present token (Authorization: Bearer), or unregister it first.',
      );
    }
    return this.renew(device, registration);
  }

  /** An unknown tenant is refused like a wrong secret: nobody can try out which tenants there are. */
  private async tenantOf({ tenantSlug, secret, address }: Registration): Promise<TenantId> {
    await this.throttle.check(address);
    const tenant = await this.tenants.bySlug(tenantSlug ?? DEFAULT_TENANT);
    if (tenant && (await this.isRight(secret, tenant._id))) return tenant._id;
    await this.throttle.failed(address);
    throw forbidden('The registration secret is wrong or missing.');
  }

  private async isRight(given: string | undefined, tenant: TenantId): Promise<boolean> {
    const secret = await this.settings.registrationSecret(tenant);
    if (secret !== '') return given !== undefined && sameSecret(given, secret);
    if (!this.config.isProduction) return true;
    throw forbidden('Registration is closed: an administrator has to set a registration secret first.');
  }

  private async create(tenant: TenantId, registration: Registration): Promise<Registered> {
    const now = this.clock.now();
    const token = newSecret('tla');
    const agent: AgentDoc = {
      _id: newId('agt'),
      tenant_id: tenant,
      device_id: registration.deviceId,
      label: registration.label ?? null,
      is_active: true,
      status: 'online',
      token_hash: hashSecret(token),
      groups: [],
      sims: toldSims(registration.sims ?? []),
      given_label: null,
      sim_caps: {},
      rate_limit_per_min: null,
      daily_cap: null,
      battery_level: null,
      signal: null,
      app_version: registration.appVersion ?? null,
      last_seen_at: now,
      unregister_reason: null,
      created_at: now,
      updated_at: now,
    };
    await this.repository.insert(agent);
    this.directory.changed(agent);
    await this.audit.record(principal(agent), 'REGISTER_AGENT', { agent_id: agent._id, device_id: agent.device_id });
    return { status: 'ok', agent_id: agent._id, agent_token: token };
  }

  private async renew(agent: AgentDoc, registration: Registration): Promise<Registered> {
    const now = this.clock.now();
    const token = registration.rotate ? newSecret('tla') : undefined;
    const set = {
      ...(registration.label === undefined ? {} : { label: registration.label }),
      ...(registration.appVersion === undefined ? {} : { app_version: registration.appVersion }),
      ...(registration.sims === undefined ? {} : { sims: toldSims(registration.sims) }),
      ...(token ? { token_hash: hashSecret(token), is_active: true, unregister_reason: null } : {}),
      device_id: registration.deviceId,
      status: 'online',
      last_seen_at: now,
      updated_at: now,
    };
    try {
      await this.repository.update(agent.tenant_id, agent._id, { $set: set });
    } catch (error) {
      if (error instanceof DuplicateKeyError) throw conflict('device_taken', 'Another agent has this device_id.');
      throw error;
    }
    this.directory.changed(agent);
    if (!token) return { status: 'exists', agent_id: agent._id };
    await this.audit.record(principal(agent), 'ROTATE_AGENT_TOKEN', {
      agent_id: agent._id,
      device_id: registration.deviceId,
    });
    return { status: 'rotated', agent_id: agent._id, agent_token: token };
  }
}

function principal(agent: AgentDoc) {
  return { kind: 'agent' as const, id: agent._id, tenant: agent.tenant_id };
}
