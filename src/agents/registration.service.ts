import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { hashSecret, newSecret } from '../common/secrets.js';
import type { TenantId } from '../common/tenant-id.js';
import { DuplicateKeyError } from '../database/query.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import { newAgent } from './new-agent.js';
import { RegistrationProof, type Applicant, type Proof } from './registration-proof.js';
import { RegistrationEvents } from './registration-events.js';
import { toldSims, type ReportedSim } from './sims.js';

export interface Registration extends Applicant {
  deviceId: string;
  label?: string | undefined;
  sims?: readonly ReportedSim[] | undefined;
  appVersion?: string | undefined;
  /** A token that the caller has already. */
  token?: string | undefined;
}
export type Registered =
  { status: 'ok' | 'rotated'; agent_id: string; agent_token: string } | { status: 'exists'; agent_id: string };

/** Lost races with another registration of the device are rare. */
const LOOKS = 3;

@Injectable()
export class RegistrationService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly proof: RegistrationProof,
    private readonly events: RegistrationEvents,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 403 without the tenant's secret or what else it asks for, 429 after too many wrong ones. */
  async register(registration: Registration): Promise<Registered> {
    const self = registration.token ? await this.directory.byToken(registration.token) : null;
    const renewed =
      self?.is_active &&
      (await this.renew(self, registration, { by: 'token', seen: { token_hash: self.token_hash! } }));
    // A token that died meanwhile proves nothing any more.
    if (renewed) return renewed;
    const tenant = await this.proof.tenantOf(registration);
    for (let look = 0; look < LOOKS; look++) {
      const device = await this.repository.byDevice(tenant, registration.deviceId);
      const registered = device
        ? await this.renew(device, registration, await this.proof.ofDevice(device, registration))
        : await this.create(tenant, registration);
      if (registered) return registered;
    }
    throw conflict('device_changed', 'The device was changed meanwhile. Register again.');
  }

  /** Null when another call was faster. */
  private async create(tenant: TenantId, registration: Registration): Promise<Registered | null> {
    const { agent, token } = newAgent(
      {
        tenant,
        deviceId: registration.deviceId,
        label: registration.label ?? null,
        sims: registration.sims ?? [],
        appVersion: registration.appVersion ?? null,
        address: registration.address,
      },
      this.clock.now(),
    );
    try {
      await this.repository.insert(agent);
    } catch (error) {
      if (error instanceof DuplicateKeyError) return null;
      throw error;
    }
    this.directory.changed(agent);
    await this.audit.record(principal(agent), 'REGISTER_AGENT', { agent_id: agent._id, device_id: agent.device_id });
    return { status: 'ok', agent_id: agent._id, agent_token: token };
  }

  /** Null when what proves it isn't so any more. */
  private async renew(agent: AgentDoc, registration: Registration, { by, seen }: Proof): Promise<Registered | null> {
    const { rotate, deviceId, address } = registration;
    const now = this.clock.now();
    const token = newSecret('tla');
    const told = {
      ...(registration.label === undefined ? {} : { label: registration.label }),
      ...(registration.appVersion === undefined ? {} : { app_version: registration.appVersion }),
      ...(registration.sims === undefined ? {} : { sims: toldSims(registration.sims) }),
      device_id: deviceId,
      status: 'online',
      last_seen_at: now,
      updated_at: now,
    };
    const rotated = {
      token_hash: hashSecret(token),
      is_active: true,
      unregister_reason: null,
      rotated_at: now,
      registered_from: address,
    };
    const update = rotate ? { $set: { ...told, ...rotated }, $unset: { rotation_code: '' as const } } : { $set: told };
    try {
      if (!(await this.repository.update(agent.tenant_id, agent._id, update, seen))) {
        this.directory.changed(agent);
        return null;
      }
    } catch (error) {
      if (error instanceof DuplicateKeyError) throw conflict('device_taken', 'Another agent has this device_id.');
      throw error;
    }
    this.directory.changed(agent);
    if (!rotate) return { status: 'exists', agent_id: agent._id };
    this.events.rotated(by);
    await this.audit.record(principal(agent), 'AGENT_ROTATED', {
      agent_id: agent._id,
      device_id: deviceId,
      by,
      address,
      previous_address: agent.registered_from ?? null,
    });
    return { status: 'rotated', agent_id: agent._id, agent_token: token };
  }
}

function principal(agent: AgentDoc) {
  return { kind: 'agent' as const, id: agent._id, tenant: agent.tenant_id };
}
