import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import type { HeartbeatDto } from './dto/heartbeat.dto.js';
import { LastSeen } from './last-seen.js';
import { toldSims } from './sims.js';

@Injectable()
export class HeartbeatService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly lastSeen: LastSeen,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async beat(agent: AgentDoc, beat: HeartbeatDto) {
    const now = this.clock.now();
    await this.repository.update(agent.tenant_id, agent._id, {
      $set: {
        status: beat.status,
        last_seen_at: now,
        updated_at: now,
        ...(beat.battery_level === undefined ? {} : { battery_level: beat.battery_level }),
        ...(beat.signal === undefined ? {} : { signal: beat.signal }),
        ...(beat.app_version ? { app_version: beat.app_version } : {}),
        ...(beat.sims ? { sims: toldSims(beat.sims) } : {}),
      },
    });
    if (beat.sims) this.directory.changed(agent);
    this.lastSeen.forget(agent._id);
    return { status: 'ok', agent_id: agent._id, server_time: now, lease_seconds: this.config.LEASE_SECONDS };
  }
}
