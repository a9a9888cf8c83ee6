import type { Twilio } from 'twilio';
import { httpCall, type HttpOutcome } from '../http-call.js';
import type { TwilioAccount } from './twilio-account.js';

type Options = NonNullable<ConstructorParameters<typeof Twilio>[2]>;
type HttpClient = NonNullable<Options['httpClient']>;
type Request = Parameters<HttpClient['request']>[0];

/**
 * One use of the official package: `use` makes its call, the package builds the request from it, and our own HTTP sends it, once. What the
 * package makes of the answer is left aside: it throws the same error for an answer that it can't read as for a refusal.
 */
export class TwilioClient {
  constructor(
    private readonly Package: typeof Twilio,
    private readonly account: TwilioAccount,
    private readonly baseUrl: string | null,
  ) {}

  /** How the last call of `use` ended. */
  async call(signal: AbortSignal, use: (client: Twilio) => Promise<unknown>): Promise<HttpOutcome> {
    let outcome: HttpOutcome = { kind: 'unsent', code: 'not_called' };
    const httpClient = {
      request: async (request: Request) => {
        outcome = await this.send(request, signal);
        if (outcome.kind !== 'answered') throw new Error(outcome.code);
        return { statusCode: outcome.status, body: outcome.body, headers: outcome.headers };
      },
    } as unknown as HttpClient;
    const { accountSid, authToken } = this.account;
    // Empty texts: the package would take these from the environment.
    const options: Options = { httpClient, edge: '', region: '', logLevel: '' };
    await use(new this.Package(accountSid, authToken, options)).catch(() => {});
    return outcome;
  }

  private send({ method, uri, username, password, headers, params, data }: Request, signal: AbortSignal) {
    const { origin, pathname, search } = new URL(uri);
    const query = form(params as Fields);
    const base = (this.baseUrl ?? origin).replace(/\/+$/, '');
    return httpCall({
      method: method.toUpperCase(),
      url: base + pathname + (query ? `?${query}` : search),
      headers: {
        ...(headers as Record<string, string>),
        Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      },
      ...(data ? { body: form(data as Fields) } : {}),
      signal,
    });
  }
}

type Fields = Record<string, string | number | string[]> | undefined;

function form(fields: Fields): string {
  const pairs = Object.entries(fields ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}
