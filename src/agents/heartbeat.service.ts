import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import type { HeartbeatDto } from './dto/heartbeat.dto.js';
import { Fleet } from './fleet.js';
import { LastSeen } from './last-seen.js';
import { toldSims } from './sims.js';

@Injectable()
export class HeartbeatService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly fleet: Fleet,
    private readonly lastSeen: LastSeen,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async beat(agent: AgentDoc, beat: HeartbeatDto) {
    const now = this.clock.now();
    const told = { status: beat.status, last_seen_at: now };
    const sims = beat.sims ? toldSims(beat.sims) : agent.sims;
    await this.repository.update(agent.tenant_id, agent._id, {
      $set: {
        ...told,
        updated_at: now,
        ...(beat.battery_level === undefined ? {} : { battery_level: beat.battery_level }),
        ...(beat.signal === undefined ? {} : { signal: beat.signal }),
        ...(beat.app_version ? { app_version: beat.app_version } : {}),
        ...(beat.sims ? { sims } : {}),
      },
    });
    if (!isDeepStrictEqual(sims, agent.sims)) this.directory.changed(agent);
    this.fleet.heard(agent, told);
    this.lastSeen.forget(agent._id);
    return { status: 'ok', agent_id: agent._id, server_time: now, lease_seconds: this.config.LEASE_SECONDS };
  }
}
