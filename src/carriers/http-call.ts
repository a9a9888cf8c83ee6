import http from 'node:http';
import https from 'node:https';

/** One call of a provider, which ends in one of three ways; nothing is thrown, followed or tried again. */
export type HttpOutcome =
  | HttpAnswer
  /** Nothing of the call has left: no connection came about. */
  | { kind: 'unsent'; code: string }
  /** The call may have been read; how it was answered isn't known. */
  | { kind: 'unknown'; code: string };

export interface HttpAnswer {
  kind: 'answered';
  status: number;
  /** By lower-case name. */
  headers: http.IncomingHttpHeaders;
  /** As far as it came. */
  body: string;
}

export interface HttpCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/**
 * A provider closes a connection that has been idle for some seconds. A call that is just then written to it gets no answer, and its text
 * can't be sent again; so we are the first to close.
 */
const IDLE_MILLIS = 2000;
const LONGEST_BODY = 8 * 1024 * 1024;

/** Agents of our own: no proxy that the environment names is used. */
const AGENTS = {
  'http:': new http.Agent({ keepAlive: true, timeout: IDLE_MILLIS }),
  'https:': new https.Agent({ keepAlive: true, timeout: IDLE_MILLIS }),
};

export function httpCall({ method, url, headers, body, signal }: HttpCall): Promise<HttpOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'unsent', code: codeOf(signal.reason) });
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  return new Promise((resolve) => {
    let connected = false;
    const request = (secure ? https : http).request(target, {
      method,
      headers,
      signal,
      agent: AGENTS[secure ? 'https:' : 'http:'],
    });
    request.on('socket', (socket) => {
      if (request.reusedSocket || !socket.connecting) connected = true;
      else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
    });
    request.on('error', (error) => {
      const code = codeOf(signal.aborted ? signal.reason : error);
      resolve({ kind: connected ? 'unknown' : 'unsent', code });
    });
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size <= LONGEST_BODY) parts.push(part);
        else response.destroy();
      });
      response.on('error', () => {});
      response.on('close', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ kind: 'answered', status, headers, body: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.end(body);
  });
}

function codeOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  return name === 'AbortError' || typeof code !== 'string' ? 'aborted' : code;
}

/** The seconds that an answer asks us to wait for; undefined when it doesn't say. */
export function retryAfter({ headers }: HttpAnswer, now: Date): number | undefined {
  const given = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(given)) return Number(given);
  const seconds = given.endsWith(' GMT') ? (Date.parse(given) - now.getTime()) / 1000 : NaN;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}

/** The body's JSON object; empty for everything else. */
export function jsonOf({ body }: HttpAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
