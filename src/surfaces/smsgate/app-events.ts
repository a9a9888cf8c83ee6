import { Injectable } from '@nestjs/common';
import { MessagesRepository } from '../../messages/messages.repository.js';
import type { AgentDoc } from '../../agents/agent.js';
import { phoneSideId } from '../phone-side-id.js';

/** As the app knows them. */
export interface AppEvent {
  type: 'MessageEnqueued' | 'MessageCancelled' | 'WebhooksUpdated' | 'SettingsUpdated';
  data: object | null;
}

const MOST_ASSIGNED = 500;

/** What the phones that are connected here have to be told. */
@Injectable()
export class AppEvents {
  constructor(private readonly messages: MessagesRepository) {}

  /** Messages that were recalled, by the ids under which the phone knows them. */
  async recalled(agent: AgentDoc): Promise<string[]> {
    const assigned = await this.messages.assignedTo(agent.tenant_id, agent._id, MOST_ASSIGNED);
    return assigned.filter(({ recall, lease }) => recall && lease?.holder === agent._id).map(phoneSideId);
  }
}
