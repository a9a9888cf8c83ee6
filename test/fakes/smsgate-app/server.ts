import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerAnswer {
  status: number;
  body: any;
}

interface CallOptions {
  authorization?: string | undefined;
  body?: unknown;
  signal: AbortSignal;
}

/** The gateway as the app reaches it: by single calls, over a network that may lose answers. */
export class Server {
  /** Calls so far, as `GET /message`. */
  readonly calls: string[] = [];
  /** How long answers to calls of a kind are on their way. */
  slow: { kind: RegExp; millis: number } | null = null;
  private readonly losing: RegExp[] = [];

  /** `url`: none while nothing listens. `userAgent` names the app. */
  constructor(
    private readonly url: () => string | undefined,
    readonly userAgent: string,
  ) {}

  /** @throws when there is no network. */
  address(path: string): string {
    const url = this.url();
    if (url === undefined) throw new Error('no network');
    return `${url}/api/mobile/v1${path}`;
  }

  /** The next answers to calls of this kind (`PATCH /message`) are lost on their way: the gateway has done what was asked. */
  dropAnswers(count: number, kind = /^/): void {
    for (let i = 0; i < count; i++) this.losing.push(kind);
  }
  get answersToLose(): number {
    return this.losing.length;
  }

  /** Whether the answer that has just come never came. */
  isLost(kind: string): boolean {
    const place = this.losing.findIndex((pattern) => pattern.test(kind));
    if (place >= 0) this.losing.splice(place, 1);
    return place >= 0;
  }

  /** @throws when no answer came. */
  async call(method: string, path: string, { authorization, body, signal }: CallOptions): Promise<ServerAnswer> {
    const kind = `${method} ${path.split('?')[0]}`;
    this.calls.push(kind);
    const response = await fetch(this.address(path), {
      method,
      signal,
      headers: {
        'user-agent': this.userAgent,
        ...(authorization ? { authorization } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (this.slow?.kind.test(kind)) await sleep(this.slow.millis, undefined, { signal });
    if (this.isLost(kind)) throw new Error('the answer was lost');
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text };
  }
}
