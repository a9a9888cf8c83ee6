import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from './call-json.js';
import type { ShownHistory } from './message-histories.js';

const LOOK_EVERY_MILLIS = 100;

/** An administrator and a client application, each with its own credentials, over HTTP. */
export class DemoClient {
  private token = '';
  private key = '';

  constructor(private readonly url: string) {}

  async login(username: string, password: string): Promise<void> {
    this.token = (await this.call('POST', '/auth/login', { username, password })).access_token as string;
  }

  async createKey(clientName: string): Promise<void> {
    const key = await this.asAdmin('POST', '/admin/api-keys', {
      client_name: clientName,
      scopes: ['sms:send', 'sms:read'],
    });
    this.key = key.plain_key as string;
  }

  async createTemplate(name: string, content: string): Promise<string> {
    const { id } = await this.asAdmin('POST', '/templates', { name, content });
    await this.asAdmin('POST', `/templates/${String(id)}/approve`);
    return id as string;
  }

  async firstAgent(): Promise<string> {
    const { items } = await this.asAdmin('GET', '/admin/agents?is_active=1');
    return (items as { agent_id: string }[])[0]!.agent_id;
  }

  async send(
    template_id: string,
    route: string,
    recipients: readonly { to: string; NAME: string; CODE: string }[],
  ): Promise<string> {
    const messages = recipients.map(({ to, ...variables }) => ({ to, variables }));
    return (await this.asClient('POST', '/requests', { template_id, route, messages })).request_id as string;
  }

  /** Returns the messages with their history when all have a final status or the time is over. */
  async untilEnded(requestId: string, patienceMillis: number): Promise<ShownHistory[]> {
    const deadline = performance.now() + patienceMillis;
    for (;;) {
      const { items } = await this.asClient('GET', `/messages?request_id=${requestId}`);
      const messages = items as { message_id: string; status: string }[];
      const ended = messages.every(({ status }) => ['DELIVERED', 'FAILED', 'CANCELED'].includes(status));
      if (ended || performance.now() > deadline) {
        return Promise.all(
          messages.map(
            ({ message_id }) =>
              this.asClient('GET', `/messages/${message_id}`) as Promise<unknown> as Promise<ShownHistory>,
          ),
        );
      }
      await sleep(LOOK_EVERY_MILLIS);
    }
  }

  asAdmin(method: string, path: string, body?: unknown) {
    return this.call(method, path, body, { authorization: `Bearer ${this.token}` });
  }
  private asClient(method: string, path: string, body?: unknown) {
    return this.call(method, path, body, { 'x-api-key': this.key });
  }

  private call(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
    return callJson(this.url, method, path, body, headers);
  }
}
