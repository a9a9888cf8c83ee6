import { Injectable } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import type { Claimed } from '../messages/candidate.js';
import type { AgentPrincipal } from './agent.authenticator.js';
import { AgentClaims } from './agent-claims.js';

export interface JobBatch {
  batch_id: string;
  lease_seconds: number;
  rate_limit_per_min: number;
  messages: ReturnType<typeof showJob>[];
}

/** `GET /agent/jobs/next`, as our own protocol answers it. */
@Injectable()
export class JobsService {
  constructor(
    private readonly claims: AgentClaims,
    private readonly config: Config,
  ) {}

  /** See AgentClaims. */
  async next(phone: AgentPrincipal, limit: number, waitSeconds: number, gone: AbortSignal): Promise<JobBatch> {
    const { id, jobs, ratePerMinute } = await this.claims.next(phone, limit, waitSeconds, gone);
    return {
      batch_id: id,
      lease_seconds: this.config.LEASE_SECONDS,
      rate_limit_per_min: ratePerMinute,
      messages: jobs.map(showJob),
    };
  }
}

function showJob(message: Claimed) {
  return {
    message_id: message._id,
    request_id: message.request_id,
    to: message.to,
    text: message.text,
    priority: message.priority,
    schedule_at: message.schedule_at,
    sim_slot: message.lease!.sim_slot ?? null,
    // A phone's queues hold SMS alone.
    segments: message.segments!,
    encoding: message.encoding!,
    attempts: message.attempts,
    lease_id: message.lease!.id,
    lease_expires_at: message.lease!.expires_at,
  };
}
