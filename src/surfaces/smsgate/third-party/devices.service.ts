import { Injectable } from '@nestjs/common';
import { AgentsService } from '../../../agents/agents.service.js';
import type { Principal, User } from '../../../auth/principal.js';

const MOST = 500;

@Injectable()
export class DevicesService {
  constructor(private readonly agents: AgentsService) {}

  /** The phones that are registered, whichever app they have; the newest 500. */
  async list(caller: Principal) {
    const { items } = await this.agents.list(caller, true, { limit: MOST, skip: 0 });
    return items.map(({ id, label, device_id, created_at, updated_at, last_seen_at }) => ({
      id,
      name: label ?? device_id,
      createdAt: created_at,
      updatedAt: updated_at,
      lastSeen: last_seen_at ?? created_at,
    }));
  }

  async remove(caller: User, id: string): Promise<void> {
    await this.agents.unregister(caller, id, 'removed by DELETE /3rdparty/v1/devices');
  }
}
