import { callJson } from './call-json.js';

interface Job {
  message_id: string;
  to: string;
  text: string;
}

/** A phone that does what it is told: it hears a text, and sends what waits. */
export class DemoPhone {
  private constructor(
    private readonly url: string,
    readonly agentId: string,
    private readonly token: string,
  ) {}

  static async register(url: string, registration_secret: string): Promise<DemoPhone> {
    const body = { device_id: 'demo-phone', registration_secret };
    const { agent_id, agent_token } = await callJson(url, 'POST', '/agent/register', body);
    return new DemoPhone(url, agent_id as string, agent_token as string);
  }

  async hear(from: string, text: string): Promise<void> {
    const message = { from, text, received_at: new Date().toISOString() };
    await this.call('POST', '/agent/messages/inbound', { messages: [message] });
  }

  /** Waits for jobs and reports each as sent. */
  async send(): Promise<Job[]> {
    const { messages } = await this.call('GET', '/agent/jobs/next?wait=10');
    const jobs = messages as Job[];
    for (const { message_id } of jobs)
      for (const status of ['SENDING', 'SENT'])
        await this.call('POST', '/agent/messages/report', { messages: [{ message_id, status }] });
    return jobs;
  }

  private call(method: string, path: string, body?: unknown) {
    return callJson(this.url, method, path, body, { authorization: `Bearer ${this.token}` });
  }
}
