import http from 'node:http';
import https from 'node:https';

/** One call, which ends in one of three ways; nothing is thrown, followed or tried again. */
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

/** By what a call goes out, and how many bytes of an answer are read. Agents of our own: no proxy that the environment names is used. */
export interface HttpMeans {
  agents: { 'http:': http.Agent; 'https:': https.Agent };
  longestBody: number;
}

export function oneCall(
  { method, url, headers, body, signal }: HttpCall,
  { agents, longestBody }: HttpMeans,
): Promise<HttpOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'unsent', code: codeOf(signal.reason) });
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  return new Promise((resolve) => {
    let connected = false;
    const request = (secure ? https : http).request(target, {
      method,
      headers,
      signal,
      agent: agents[secure ? 'https:' : 'http:'],
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
        if (size <= longestBody) parts.push(part);
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
