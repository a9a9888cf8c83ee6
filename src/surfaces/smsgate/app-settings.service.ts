import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AgentDoc } from '../../agents/agent.js';
import { AgentsService } from '../../agents/agents.service.js';
import { Signer } from '../../common/signer.js';
import { Config } from '../../config/load-config.js';
import { baseUrl } from '../base-url.js';
import { MOBILE_PATH } from './mobile-path.js';

const DAYS = 30;
/** Often enough for a phone to count as online while nothing is sent. */
const PING_SECONDS = 60;
const RETRIES = 15;

/** What the app is told of itself: its settings, and where it is to post what it receives. */
@Injectable()
export class AppSettings {
  constructor(
    private readonly signer: Signer,
    private readonly agents: AgentsService,
    private readonly config: Config,
  ) {}

  /**
   * `SSE_ONLY`: an app with Google's services would wait for a push that we can't send. Nothing of the groups is null, and there is no
   * `cloud_url`: one wrong value makes the app refuse all of it.
   */
  settingsOf(agent: AgentDoc) {
    return {
      // The app remembers for as long what it has sent, and sends none of it again; messages don't live as long.
      messages: { log_lifetime_days: DAYS },
      ping: { interval_seconds: PING_SECONDS },
      logs: { lifetime_days: DAYS },
      webhooks: { internet_required: false, retry_count: RETRIES, signing_key: this.signingKey(agent._id) },
      gateway: { notification_channel: 'SSE_ONLY' },
      encryption: {},
    };
  }

  webhooksOf(agent: AgentDoc, baseUrl: string) {
    const url = `${baseUrl}/${MOBILE_PATH}/received`;
    return [
      { id: 'received', deviceId: agent._id, url, event: 'sms:received' },
      { id: 'ping', deviceId: agent._id, url, event: 'system:ping' },
    ];
  }

  /** What a phone's posts are signed with. */
  signingKey(agentId: string): string {
    return this.signer.sign('smsgate-webhooks', agentId, 24);
  }

  /** Which of them the phone hasn't fetched yet as they are now. */
  outdated(agent: AgentDoc, baseUrl: string): { settings: boolean; webhooks: boolean } {
    return {
      settings: agent.app_settings !== digest(this.settingsOf(agent)),
      webhooks: agent.app_webhooks !== digest(this.webhooksOf(agent, baseUrl)),
    };
  }

  async settingsFetched(agent: AgentDoc) {
    const settings = this.settingsOf(agent);
    if (agent.app_settings !== digest(settings)) await this.agents.toldApp(agent, { app_settings: digest(settings) });
    return settings;
  }

  async webhooksFetched(agent: AgentDoc, baseUrl: string) {
    const webhooks = this.webhooksOf(agent, baseUrl);
    if (agent.app_webhooks !== digest(webhooks)) await this.agents.toldApp(agent, { app_webhooks: digest(webhooks) });
    return webhooks;
  }

  baseUrl(request: Pick<FastifyRequest, 'protocol' | 'host'>): string {
    return baseUrl(this.config, request);
  }
}

function digest(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
