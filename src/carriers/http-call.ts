import http from 'node:http';
import https from 'node:https';
import { oneCall, type HttpAnswer, type HttpCall, type HttpOutcome } from '../common/http-out/one-call.js';

export type { HttpAnswer, HttpOutcome } from '../common/http-out/one-call.js';

export interface ProviderHttpCall extends HttpCall {
  /** Whoever answers may have a certificate that nobody has signed: for what stands in for a provider, outside production. */
  trustsAnybody?: boolean;
}

/**
 * A provider closes a connection that has been idle for some seconds. A call that is just then written to it gets no answer, and its text
 * can't be sent again; so we are the first to close.
 */
const IDLE_MILLIS = 2000;

const MEANS = {
  longestBody: 8 * 1024 * 1024,
  agents: {
    'http:': new http.Agent({ keepAlive: true, timeout: IDLE_MILLIS }),
    'https:': new https.Agent({ keepAlive: true, timeout: IDLE_MILLIS }),
  },
};
const TRUSTING = {
  ...MEANS,
  agents: {
    ...MEANS.agents,
    'https:': new https.Agent({ keepAlive: true, timeout: IDLE_MILLIS, rejectUnauthorized: false }),
  },
};

/** One call of a provider. */
export function httpCall({ trustsAnybody, ...call }: ProviderHttpCall): Promise<HttpOutcome> {
  return oneCall(call, trustsAnybody ? TRUSTING : MEANS);
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
