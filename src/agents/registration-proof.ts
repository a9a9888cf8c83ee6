import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { countedAddress } from '../auth/throttle/counted-address.js';
import { Clock } from '../common/clock.js';
import { forbidden } from '../common/errors.js';
import { sameSecret } from '../common/secrets.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { SettingsService } from '../tenants/settings.service.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import type { RegistrationCodeDoc } from '../counters/registration-codes.repository.js';
import type { AgentDoc } from './agent.js';
import type { Seen } from './agents.repository.js';
import { RegistrationCodes } from './registration-codes.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { RegistrationEvents, type Refusal, type RotatedBy } from './registration-events.js';
import { hashCode } from './rotation-code.js';

export interface Applicant {
  tenantSlug?: string | undefined;
  secret?: string | undefined;
  /** Of an administrator, for this device. */
  code?: string | undefined;
  rotate: boolean;
  address: string;
}
/** By what it was proven, and what must still be so when the token is changed. */
export interface Proof {
  by: RotatedBy;
  seen: Seen;
}

const WORDS: Record<Refusal, string> = {
  wrong_secret:
    'The registration secret is wrong or missing. An administrator can tell it (GET /admin/agent/registration-secret).',
  no_secret_set: 'Registration is closed: an administrator has to set a registration secret first.',
  token_needed:
    'This device is known: register with its present token (Authorization: Bearer) or a rotation_code ' +
    '(POST /admin/agents/:id/rotation-code), or unregister it first.',
  wrong_registration_code:
    'The code is wrong, used or too old. Ask for another (POST /admin/agents/registration-codes).',
  wrong_code: 'The rotation_code is wrong, used or too old. Ask an administrator for another.',
};

/** Whether who registers a phone may: the tenant's secret for any, and for a known one what the tenant asks for besides. */
@Injectable()
export class RegistrationProof {
  constructor(
    private readonly settings: SettingsService,
    private readonly tenants: TenantsService,
    private readonly throttle: RegistrationThrottle,
    private readonly codes: RegistrationCodes,
    private readonly events: RegistrationEvents,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Whose phone it is. An unknown tenant is refused like a wrong secret: nobody can try out which tenants there are.
   * @throws ApiError 403 without the tenant's secret, 429 after too many wrong ones.
   */
  tenantOf(applicant: Applicant): Promise<TenantId> {
    return this.throttle.inTurn(async () => {
      await this.throttle.check(applicant.address);
      const tenant = await this.tenants.bySlug(applicant.tenantSlug ?? DEFAULT_TENANT);
      const refusal = tenant ? await this.judgeSecret(applicant.secret, tenant._id) : 'wrong_secret';
      if (tenant && !refusal) return tenant._id;
      if (refusal === 'wrong_secret') await this.throttle.failed(applicant.address);
      throw this.refused(refusal!, tenant?._id, applicant);
    });
  }

  /** The same of an app that names no tenant, but sends its secret. */
  tenantOfSecret(secret: string, address: string): Promise<TenantId> {
    return this.throttle.inTurn(async () => {
      await this.throttle.check(address);
      const tenant = await this.settings.tenantByRegistrationSecret(secret);
      if (tenant) return tenant;
      await this.throttle.failed(address);
      throw this.refused('wrong_secret', undefined, { address });
    });
  }

  /** What the new phone that will have this id is given for a one-time code. @throws ApiError 403 for one that is wrong, used or too old, 429 after too many. */
  useCode(code: string, agentId: string, address: string): Promise<RegistrationCodeDoc> {
    return this.throttle.inTurn(async () => {
      await this.throttle.check(address);
      const used = await this.codes.use(code, agentId);
      if (used) return used;
      await this.throttle.failed(address);
      throw this.refused('wrong_registration_code', undefined, { address });
    });
  }

  /** That a known device may have a new token. @throws ApiError 403, or 429 after too many wrong codes. */
  async ofDevice(device: AgentDoc, applicant: Applicant): Promise<Proof> {
    if (applicant.rotate && applicant.code !== undefined) return this.byCode(device, applicant.code, applicant);
    const { agent_rotation } = await this.settings.get(device.tenant_id);
    if (applicant.rotate && device.is_active && agent_rotation === 'old_token')
      throw this.refused('token_needed', device.tenant_id, applicant);
    return { by: 'secret', seen: { is_active: device.is_active } };
  }

  private byCode(device: AgentDoc, code: string, applicant: Applicant): Promise<Proof> {
    return this.throttle.inTurn(async () => {
      await this.throttle.check(applicant.address);
      const hash = hashCode(device._id, code);
      const known = device.rotation_code;
      if (known && sameSecret(known.hash, hash) && known.expires_at > this.clock.now())
        return { by: 'code' as const, seen: { 'rotation_code.hash': hash } };
      await this.throttle.failed(applicant.address);
      throw this.refused('wrong_code', device.tenant_id, applicant);
    });
  }

  private async judgeSecret(given: string | undefined, tenant: TenantId): Promise<Refusal | null> {
    const secret = await this.settings.registrationSecret(tenant);
    if (secret !== '') return given !== undefined && sameSecret(given, secret) ? null : 'wrong_secret';
    return this.config.isProduction ? 'no_secret_set' : null;
  }

  /** The tenant is told; of a tenant that isn't there, nobody. */
  private refused(reason: Refusal, tenant: TenantId | undefined, { address }: Pick<Applicant, 'address'>) {
    this.events.refused(reason);
    if (tenant)
      this.audit.countSystemSoon(tenant, 'registration', 'REGISTER_REFUSED', {
        address: countedAddress(address),
        reason,
      });
    return forbidden(WORDS[reason]);
  }
}
