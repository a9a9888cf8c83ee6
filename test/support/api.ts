import { expectDocumented } from './documented.js';

/** One answer, with its body read as JSON where it is JSON. */
export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

/** Calls a gateway over HTTP as one caller. */
export class Api {
  constructor(
    readonly url: string,
    readonly credentials: Readonly<Record<string, string>> = {},
  ) {}

  as(headers: Readonly<Record<string, string>>): Api {
    return new Api(this.url, { ...this.credentials, ...headers });
  }
  withKey(key: string): Api {
    return new Api(this.url, { 'x-api-key': key });
  }
  withToken(token: string): Api {
    return new Api(this.url, { authorization: `Bearer ${token}` });
  }
  withBasic(name: string, password: string): Api {
    return new Api(this.url, { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
  }

  get(path: string, init: RequestInit = {}): Promise<Answer> {
    return this.call('GET', path, undefined, init);
  }
  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', path, body, { headers });
  }
  put(path: string, body?: unknown): Promise<Answer> {
    return this.call('PUT', path, body);
  }
  patch(path: string, body?: unknown): Promise<Answer> {
    return this.call('PATCH', path, body);
  }
  delete(path: string, body?: unknown): Promise<Answer> {
    return this.call('DELETE', path, body);
  }

  /** `body`: a string is sent as it is, anything else as JSON. */
  async call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      ...init,
      headers: {
        ...this.credentials,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string> | undefined),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const answer = {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
    if (isJson) await expectDocumented(method, path, answer.status, answer.body);
    return answer;
  }
}
