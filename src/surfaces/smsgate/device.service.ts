import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppRegistration, type Ticket } from '../../agents/app-registration.js';
import type { AgentDoc } from '../../agents/agent.js';
import { AgentDirectory } from '../../agents/agent-directory.js';
import { HeartbeatService } from '../../agents/heartbeat.service.js';
import type { ReportedSim } from '../../agents/sims.js';
import { checkAccess } from '../../auth/allow.js';
import { PrincipalSource, readCredentials } from '../../auth/principal-source.js';
import { unauthenticated } from '../../common/errors.js';
import { AppVersions } from './app-versions.js';
import type { RegisterDeviceDto, SimCardDto, UpdateDeviceDto } from './dto/device.dto.js';

@Injectable()
export class DeviceService {
  constructor(
    private readonly registration: AppRegistration,
    private readonly directory: AgentDirectory,
    private readonly heartbeats: HeartbeatService,
    private readonly principals: PrincipalSource,
    private readonly versions: AppVersions,
  ) {}

  /** @throws ApiError 401 for a token that isn't good: at its start the app registers again then. */
  async show(request: FastifyRequest) {
    const { bearer } = readCredentials(request);
    if (bearer === undefined) return { externalIp: request.ip };
    const agent = await this.directory.byToken(bearer);
    if (!agent?.is_active) throw unauthenticated('The token is not valid any more. Register the phone again.');
    const { _id: id, label, created_at: createdAt, updated_at: updatedAt, last_seen_at: lastSeen } = agent;
    return { device: { id, name: label, createdAt, updatedAt, lastSeen }, externalIp: request.ip };
  }

  /** @throws ApiError 401 or 403 for a ticket that isn't good, 429 after too many. */
  async register(request: FastifyRequest, { name, simCards }: RegisterDeviceDto) {
    const { agent, token } = await this.registration.register(await this.ticketOf(request), {
      app: 'smsgate',
      name: name ?? null,
      sims: readSims(simCards ?? []),
      version: this.versions.read(request),
      address: request.ip,
    });
    // An empty password, since older versions of the app expect one.
    return { id: agent._id, token, login: agent._id, password: '' };
  }

  async update(agent: AgentDoc, request: FastifyRequest, { simCards }: UpdateDeviceDto): Promise<void> {
    const version = this.versions.read(request);
    await this.heartbeats.beat(agent, {
      status: 'online',
      ...(version ? { app_version: version } : {}),
      ...(simCards ? { sims: readSims(simCards) } : {}),
    });
  }

  private async ticketOf(request: FastifyRequest): Promise<Ticket> {
    const { bearer, basic } = readCredentials(request);
    if (bearer !== undefined) return { secret: bearer };
    const [, code] = /^code\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '') ?? [];
    if (code !== undefined) return { code };
    if (basic === undefined) return { nothing: true };
    const principal = await this.principals.authenticate(request);
    checkAccess(principal, { role: 'admin' });
    return { tenant: principal.tenant };
  }
}

/** Numbers are mostly masked but for four digits; then there is none. */
function readSims(simCards: readonly SimCardDto[]): ReportedSim[] {
  return simCards.map(({ slotIndex, phoneNumber, carrierName }) => ({
    slot: slotIndex,
    number: phoneNumber && /^\+?\d{6,15}$/.test(phoneNumber) ? phoneNumber : null,
    carrier: carrierName ?? null,
  }));
}
