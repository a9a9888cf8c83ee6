import type { JWT } from 'google-auth-library';
import type { ServiceAccount } from '../../domain/firebase.js';
import { httpCall, jsonOf, type HttpOutcome } from '../http-call.js';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** A token is valid for an hour; a new one is got well before. */
const EARLY_MILLIS = 300_000;
const CALL_MILLIS = 10_000;

export type TokenOutcome =
  | { kind: 'token'; token: string }
  /** Google says that this is no service account of it, or that its key isn't valid. */
  | { kind: 'refused'; code: string }
  | { kind: 'failed'; code: string };

class NoToken extends Error {
  constructor(readonly outcome: Exclude<TokenOutcome, { kind: 'token' }>) {
    super(outcome.code);
  }
}

/**
 * Google's tokens for a service account. The official package signs what asks for one and keeps it until it gets old; our own HTTP sends
 * it, so that it goes by no proxy of the environment, and to another address where one stands in for Google.
 */
export class AccessTokens {
  private client: JWT | null = null;

  constructor(
    private readonly Client: typeof JWT,
    private readonly account: ServiceAccount,
    private readonly baseUrl: string | null,
    private readonly trustsStandIn: boolean,
  ) {}

  /** `signal` ends the wait alone: others may wait for the same token. */
  async get(signal: AbortSignal): Promise<TokenOutcome> {
    const aborted = new Promise<TokenOutcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'failed', code: 'aborted' }), { once: true });
    });
    return Promise.race([this.read(), aborted]);
  }

  /** The one that is kept isn't taken any more. */
  forget(): void {
    this.client = null;
  }

  private async read(): Promise<TokenOutcome> {
    this.client ??= this.newClient();
    try {
      const { token } = await this.client.getAccessToken();
      return token ? { kind: 'token', token } : { kind: 'failed', code: 'no_token' };
    } catch (error) {
      return error instanceof NoToken ? error.outcome : { kind: 'failed', code: 'no_token' };
    }
  }

  private newClient(): JWT {
    const request = async ({ url, data }: { url: string; data: URLSearchParams }) => {
      const result = await this.ask(url, data.toString());
      const answer = result.kind === 'answered' ? jsonOf(result) : {};
      if (result.kind !== 'answered' || result.status !== 200) throw new NoToken(failureOf(result, answer));
      return { data: answer };
    };
    const { email, privateKey: key } = this.account;
    return new this.Client({
      email,
      key,
      scopes: [SCOPE],
      eagerRefreshThresholdMillis: EARLY_MILLIS,
      useAuthRequestParameters: false,
      transporter: { request } as never,
    });
  }

  private ask(url: string, body: string): Promise<HttpOutcome> {
    return httpCall({
      method: 'POST',
      url: this.baseUrl === null ? url : `${this.baseUrl}/token`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
      signal: AbortSignal.timeout(CALL_MILLIS),
      trustsAnybody: this.trustsStandIn,
    });
  }
}

/** Only an answer that refuses the credentials says so; anything else may pass. */
function failureOf(result: HttpOutcome, { error }: Record<string, unknown>): NoToken['outcome'] {
  if (result.kind !== 'answered') return { kind: 'failed', code: result.code };
  const code = typeof error === 'string' && /^\w{1,60}$/.test(error) ? error : `http_${result.status}`;
  return { kind: [400, 401, 403].includes(result.status) ? 'refused' : 'failed', code };
}
