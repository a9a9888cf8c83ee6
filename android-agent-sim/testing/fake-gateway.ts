import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HeartbeatBody, Inbound, Job, RegisterBody, Report, ReportResult } from '../protocol-types.js';

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type Stored = Job & { status: string };

const MOVES: Readonly<Record<string, readonly string[]>> = {
  ASSIGNED: ['SENDING', 'SENT', 'FAILED'],
  SENDING: ['SENT', 'FAILED'],
  SENT: ['DELIVERED'],
};

/** The server's part of the agent protocol in memory, as far as the specs of the phone need it. */
export class FakeGateway {
  readonly registrations: RegisterBody[] = [];
  readonly heartbeats: HeartbeatBody[] = [];
  readonly reports: Report[] = [];
  readonly inbound: Inbound[] = [];
  readonly messages = new Map<string, Stored>();
  polls = 0;
  leaseSeconds = 60;
  ratePerMinute = 0;
  /** Answers instead of the gateway, which then does and records nothing. */
  instead: (path: string, body: unknown) => Answer | undefined = () => undefined;
  /** Answers after the gateway has done its work, to simulate an answer that is lost on the way back. */
  afterwards: (path: string, body: unknown) => Answer | undefined = () => undefined;
  readonly #server: Server = createServer((request, response) => void this.#handle(request, response));
  #pending: Job[] = [];
  #wake = new Set<() => void>();
  #leases = 0;

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sms`;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  put(...jobs: (Partial<Job> & { message_id: string })[]): void {
    for (const job of jobs) this.#pending.push({ to: '+12025550199', text: `text of ${job.message_id}`, ...job });
    for (const wake of this.#wake) wake();
  }

  statusOf(messageId: string): string | undefined {
    return this.messages.get(messageId)?.status;
  }

  reported(messageId: string): string[] {
    return this.reports.filter((report) => report.message_id === messageId).map((report) => report.status);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body: unknown = text ? JSON.parse(text) : undefined;
    const url = new URL(request.url ?? '/', 'http://gateway');
    const path = url.pathname.replace(/^\/sms/, '');
    let answer = this.instead(path, body);
    if (!answer) {
      const own = await this.#answer(path, body, url.searchParams, response);
      answer = this.afterwards(path, body) ?? own;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  }

  async #answer(path: string, body: unknown, query: URLSearchParams, response: ServerResponse): Promise<Answer> {
    switch (path) {
      case '/agent/register':
        this.registrations.push(body as RegisterBody);
        return { status: 201, body: { status: 'ok', agent_id: 'agt_1', agent_token: 'agt_token' } };
      case '/agent/heartbeat':
        this.heartbeats.push(body as HeartbeatBody);
        return { status: 200 };
      case '/agent/messages/inbound':
        this.inbound.push(...(body as { messages: Inbound[] }).messages);
        return { status: 200 };
      case '/agent/messages/report': {
        const results = (body as { messages: Report[] }).messages.map((report) => this.#report(report));
        return { status: 200, body: { updated: results.length, results } };
      }
      case '/agent/jobs/next':
        return { status: 200, body: await this.#lease(query, response) };
      default:
        return { status: 404 };
    }
  }

  #report(report: Report): ReportResult {
    this.reports.push(report);
    const { message_id, status } = report;
    const stored = this.messages.get(message_id);
    if (!stored) return { message_id, result: 'unknown' };
    if (stored.status === status) return { message_id, result: 'unchanged', status };
    const allowed = [...(MOVES[stored.status] ?? [])];
    const stranger = status === 'SENDING' && report.lease_id !== stored.lease_id;
    if (stranger || !allowed.includes(status))
      return { message_id, result: 'conflict', status: stored.status, allowed };
    stored.status = status;
    return { message_id, result: 'updated', status };
  }

  async #lease(query: URLSearchParams, response: ServerResponse) {
    this.polls++;
    if (this.#pending.length === 0) await this.#anything(Number(query.get('wait')) * 1000, response);
    const until = new Date(Date.now() + this.leaseSeconds * 1000).toISOString();
    const jobs = response.destroyed ? [] : this.#pending.splice(0, Number(query.get('limit')));
    const messages = jobs.map((job): Job => {
      const leased = { lease_id: `lease_${++this.#leases}`, lease_expires_at: until, ...job };
      // A message that is leased again keeps its reported status, unless a spec has reset it.
      this.messages.set(job.message_id, { ...leased, status: this.statusOf(job.message_id) ?? 'ASSIGNED' });
      return leased;
    });
    return { batch_id: 'b', lease_seconds: this.leaseSeconds, rate_limit_per_min: this.ratePerMinute, messages };
  }

  #anything(ms: number, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake.add(done);
      response.on('close', done);
    });
  }
}
