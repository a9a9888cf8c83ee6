import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import type { AgentDoc } from '../../agents/agent.js';
import { AgentDirectory } from '../../agents/agent-directory.js';
import { HeartbeatService } from '../../agents/heartbeat.service.js';
import { invalidField, unauthenticated } from '../../common/errors.js';
import { sameSecret } from '../../common/secrets.js';
import { InboundService } from '../../inbound/inbound.service.js';
import { isObject, textOf } from '../json-values.js';
import { AppSettings } from './app-settings.service.js';
import { readPost } from './received-body.js';

/** As our own protocol takes them. */
const LONGEST_TEXT = 20_000;
const LONGEST_NUMBER = 100;

/** What phones post: texts that they received, and that they live. A post is repeated until it is answered with a 2xx. */
@Injectable()
export class ReceivedService {
  constructor(
    private readonly directory: AgentDirectory,
    private readonly settings: AppSettings,
    private readonly heartbeats: HeartbeatService,
    private readonly inbound: InboundService,
  ) {}

  /** @throws ApiError 401 for a phone that isn't known or a wrong signature, 400 for a text that can't be read. */
  async take(body: string, timestamp: string, signature: string): Promise<void> {
    const post = readPost(body);
    const agent = post && (await this.directory.byId(post.deviceId));
    if (!agent?.is_active || agent.app !== 'smsgate' || !this.isSigned(agent, body, timestamp, signature))
      throw unauthenticated('The signature is wrong, or the phone is not registered here.');
    if (post!.event === 'sms:received') await this.takeText(agent, post!.payload);
    else if (post!.event === 'system:ping') await this.heartbeats.beat(agent, readPing(post!.payload));
  }

  /** Over the raw body and the timestamp. How old it is doesn't matter: a text that was taken before adds nothing. */
  private isSigned(agent: AgentDoc, body: string, timestamp: string, signature: string): boolean {
    const key = this.settings.signingKey(agent._id);
    return sameSecret(
      createHmac('sha256', key)
        .update(body + timestamp)
        .digest('hex'),
      signature.toLowerCase(),
    );
  }

  private async takeText(agent: AgentDoc, payload: Record<string, unknown>): Promise<void> {
    const from = textOf(payload['sender']) ?? textOf(payload['phoneNumber']);
    const text = textOf(payload['message']);
    const receivedAt = textOf(payload['receivedAt']);
    if (!from || from.length > LONGEST_NUMBER) throw invalidField('payload.sender', 'is required: who sent the text');
    if (text === null || text.length > LONGEST_TEXT) throw invalidField('payload.message', 'is required: the text');
    const sim = payload['simNumber'];
    await this.inbound.store({ kind: 'agent', id: agent._id, tenant: agent.tenant_id }, [
      {
        from,
        to: textOf(payload['recipient'])?.slice(0, LONGEST_NUMBER) ?? null,
        text,
        received_at: receivedAt ?? '',
        sim_slot: typeof sim === 'number' && Number.isInteger(sim) && sim >= 1 && sim <= 8 ? sim - 1 : null,
        external_id: textOf(payload['messageId'])?.slice(0, 200) ?? null,
      },
    ]);
  }
}

/** `health.checks` has what the phone observes, by name. */
function readPing({ health }: Record<string, unknown>) {
  const checks = isObject(health) && isObject(health['checks']) ? health['checks'] : {};
  const battery = checks['battery:level'];
  const level = isObject(battery) ? battery['observedValue'] : undefined;
  const version = isObject(health) ? textOf(health['version']) : null;
  return {
    status: 'online',
    ...(typeof level === 'number' && level >= 0 && level <= 100 ? { battery_level: level } : {}),
    ...(version ? { app_version: version.slice(0, 100) } : {}),
  };
}
