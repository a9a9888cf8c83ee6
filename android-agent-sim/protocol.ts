import { NetworkError, RefusedError, ServerError } from './errors.js';
import type { Network } from './network.js';
import type {
  HeartbeatBody,
  Inbound,
  InboundAnswer,
  JobsAnswer,
  RegisterAnswer,
  RegisterBody,
  Report,
  ReportAnswer,
} from './protocol-types.js';

const TIMEOUT_MS = 30_000;

interface Call {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  timeoutMs?: number;
}

/** The agent protocol's five calls, for one phone. Throws the errors of errors.ts and nothing else. */
export class AgentClient {
  token: string | undefined;
  readonly #base: string;

  constructor(
    url: string,
    private readonly device: string,
    private readonly network: Network,
  ) {
    this.#base = url.replace(/\/+$/, '');
  }

  async register(body: RegisterBody, signal: AbortSignal): Promise<RegisterAnswer> {
    const answer = await this.#call<RegisterAnswer>({ method: 'POST', path: '/agent/register', body }, signal);
    if (!answer.agent_token)
      throw new RefusedError(this.device, `the registration answer has no token (${answer.status})`);
    this.token = answer.agent_token;
    return answer;
  }

  heartbeat(body: HeartbeatBody, signal: AbortSignal): Promise<unknown> {
    return this.#call({ method: 'POST', path: '/agent/heartbeat', body }, signal);
  }

  nextJobs(limit: number, waitSeconds: number, signal: AbortSignal): Promise<JobsAnswer> {
    const path = `/agent/jobs/next?limit=${limit}&wait=${waitSeconds}`;
    return this.#call<JobsAnswer>({ method: 'GET', path, timeoutMs: TIMEOUT_MS + waitSeconds * 1000 }, signal);
  }

  report(messages: Report[], signal: AbortSignal): Promise<ReportAnswer> {
    return this.#call<ReportAnswer>({ method: 'POST', path: '/agent/messages/report', body: { messages } }, signal);
  }

  inbound(messages: Inbound[], signal: AbortSignal): Promise<InboundAnswer> {
    return this.#call<InboundAnswer>({ method: 'POST', path: '/agent/messages/inbound', body: { messages } }, signal);
  }

  async #call<T>(call: Call, signal: AbortSignal): Promise<T> {
    const { status, retryAfter, text } = await this.network.use(signal, call.timeoutMs ?? TIMEOUT_MS, (linked) =>
      this.#exchange(call, linked),
    );
    if (status < 200 || status > 299) throw this.#refusal(call, status, text, retryAfter);
    try {
      return (text ? JSON.parse(text) : {}) as T;
    } catch {
      throw new ServerError(502, `${call.path} answered something that isn't JSON; is --url right?`);
    }
  }

  async #exchange({ method, path, body }: Call, signal: AbortSignal) {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.token) headers['authorization'] = `Bearer ${this.token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const init: RequestInit = { method, headers, signal };
      if (body !== undefined) init.body = JSON.stringify(body);
      const response = await fetch(this.#base + path, init);
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        text: await response.text(),
      };
    } catch (error) {
      throw new NetworkError(`${this.#base} can't be reached: ${reason(error)}`);
    }
  }

  #refusal({ path }: Call, status: number, text: string, retryAfter: string | null): Error {
    const detail = `${status} ${said(text)}`.trim();
    const registering = path === '/agent/register';
    if (registering && status >= 300 && status < 500 && status !== 429 && status !== 408) {
      return new RefusedError(this.device, `the server refuses the registration: ${detail}`);
    }
    if (status === 401) {
      return new RefusedError(this.device, `the token is no longer valid (rotated, or never was): ${detail}`);
    }
    if (status === 403) return new RefusedError(this.device, `the server no longer takes this phone: ${detail}`);
    return new ServerError(status, `${path.split('?')[0]} answered ${detail}`, retryAfterToMs(retryAfter));
  }
}

function said(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown };
    if (typeof body.message === 'string') return body.message;
  } catch {
    // An error page of a proxy in between; only its status is used.
  }
  return '';
}

/** fetch says "fetch failed" and hides the reason (ECONNREFUSED, ...) one level down. */
function reason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

function retryAfterToMs(header: string | null): number {
  if (!header) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
