import type { Callback } from './callback-sender.js';
import { ProviderServer, type Call, type Reply, type TakenText } from './provider-server.js';

/** A text that somebody sent to one of the account's numbers. */
export interface ReceivedAtFlowroute {
  id: string;
  from: string;
  to: string;
  body: string;
  at: Date;
}

const JSON_API = { 'content-type': 'application/vnd.api+json' };

/** Flowroute on loopback: messages, their list, receipts of two levels and received texts in both versions. */
export class FakeFlowroute extends ProviderServer {
  accessKey = 'fake-access-key';
  secretKey = 'the-secret-key-of-the-fake-account';
  /** How a text ends. */
  fate: (text: TakenText) => { status: string; code: number | null } = () => ({ status: 'delivered', code: 1004 });
  readonly received: ReceivedAtFlowroute[] = [];
  private made = 0;

  protected sends(method: string, path: string): boolean {
    return method === 'POST' && /^\/v2\.[12]\/messages$/.test(path);
  }

  protected refusal(call: Call): Reply | null {
    if (!this.knows(call)) return flowrouteError(401, 'Unauthorized', 'The credentials are not valid.');
    if (call.headers['content-type'] !== JSON_API['content-type'])
      return flowrouteError(415, 'Unsupported Media Type', 'Send application/vnd.api+json.');
    const { to, from, body } = fieldsOf(call);
    const number = call.path.startsWith('/v2.1') ? /^[1-9]\d{6,14}$/ : /^\+[1-9]\d{6,14}$/;
    if (!number.test(from ?? '')) return flowrouteError(422, 'Unprocessable Entity', "'from' is not a valid number.");
    if (!number.test(to ?? '')) return flowrouteError(422, 'Unprocessable Entity', "'to' is not a valid number.");
    if (!body) return flowrouteError(400, 'Bad Request', "'body' is required.");
    return null;
  }

  protected read(call: Call): TakenText {
    const { to, from, body, dlr_callback: callbackUrl = null } = fieldsOf(call);
    const text: TakenText = {
      ref: this.nextId(),
      attempt: callbackUrl ? new URL(callbackUrl).searchParams.get('attempt') : null,
      to: to!,
      from: from!,
      text: body!,
      callbackUrl,
      status: 'pending',
      code: null,
      at: this.now(),
    };
    return Object.assign(text, this.fate(text));
  }

  protected yes({ ref }: TakenText): Reply {
    const links = { self: `https://api.flowroute.com/v2.1/messages/${ref}` };
    return { status: 202, body: { data: { id: ref, type: 'message', links } }, headers: JSON_API };
  }

  protected receipts(text: TakenText): Callback[] {
    return [
      this.receiptCallback(text, { level: 1, status: 'smsc submit', code: null }),
      this.receiptCallback(text, { level: 2, status: text.status, code: text.code }),
    ];
  }

  /** What Flowroute posts of a text. Its codes are now numbers, now strings. */
  receiptCallback(
    text: Pick<TakenText, 'ref' | 'callbackUrl' | 'text'>,
    { level, status, code }: { level: number; status: string; code: number | string | null },
  ): Callback {
    const attributes = {
      body: text.text,
      level,
      status,
      status_code: code,
      status_code_description: code === null ? 'Message has been sent' : 'As its code says',
      timestamp: timestamp(this.now()),
    };
    const data = { attributes, id: text.ref, type: 'delivery_receipt' };
    return this.callback(text.callbackUrl!, { data });
  }

  /** Somebody texts one of the numbers; nobody is told yet. */
  receive(from: string, to: string, body: string): ReceivedAtFlowroute {
    const text = { id: this.nextId(), from, to, body, at: this.now() };
    this.received.push(text);
    return text;
  }

  inboundCallback(text: ReceivedAtFlowroute, url: string, more: Record<string, unknown> = {}): Callback {
    return this.callback(url, {
      data: { ...this.record(text), attributes: { ...this.record(text).attributes, ...more } },
    });
  }

  /** As version 1 has it. */
  flatInboundCallback({ id, from, to, body }: ReceivedAtFlowroute, url: string): Callback {
    return this.callback(url, { to, from, body, id }, 'application/json');
  }

  callback(url: string, body: unknown, type = JSON_API['content-type']): Callback {
    return { method: 'POST', url: this.reach(url), headers: { 'content-type': type }, body: JSON.stringify(body) };
  }

  protected serve(call: Call): Reply {
    if (!this.knows(call)) return flowrouteError(401, 'Unauthorized', 'The credentials are not valid.');
    const [, rest] = /^\/v2\.[12]\/messages(\/.+)?$/.exec(call.path) ?? ['', '/nowhere'];
    if (rest === undefined) return this.list(call);
    const text = this.taken.find(({ ref }) => rest === `/${ref}`);
    if (!text) return flowrouteError(404, 'Not Found', 'There is no such message.');
    return { status: 200, body: { data: this.resource(text) }, headers: JSON_API };
  }

  private knows({ headers }: Call): boolean {
    const basic = Buffer.from(`${this.accessKey}:${this.secretKey}`).toString('base64');
    return headers.authorization === `Basic ${basic}`;
  }

  private list({ query }: Call): Reply {
    const start = query.get('start_date');
    if (!start) return flowrouteError(400, 'Bad Request', "'start_date' is required.");
    const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 100)];
    const rows = [
      ...this.taken.map((text) => ({ at: text.at, row: this.resource(text) })),
      ...this.received.map((text) => ({ at: text.at, row: this.record(text) })),
    ]
      .filter(({ at }) => at >= new Date(start))
      .toSorted((a, b) => b.at.getTime() - a.at.getTime());
    const data = rows.slice(offset, offset + limit).map(({ row }) => row);
    return { status: 200, body: { data }, headers: JSON_API };
  }

  private resource({ ref: id, from, to, text: body, at, status, code }: TakenText) {
    const receipts = [
      { level: 2, status, status_code: code, timestamp: timestamp(at) },
      { level: 1, status: 'smsc submit', status_code: null, timestamp: timestamp(at) },
    ];
    const { attributes, ...rest } = this.record({ id, from: from!, to, body, at });
    return { ...rest, attributes: { ...attributes, direction: 'outbound', status, delivery_receipts: receipts } };
  }

  private record({ id, from, to, body, at }: ReceivedAtFlowroute) {
    const attributes = {
      body,
      status: 'delivered',
      direction: 'inbound',
      amount_nanodollars: 4_000_000,
      amount_display: '$0.0040',
      to,
      from,
      message_encoding: 0,
      timestamp: timestamp(at),
      delivery_receipts: [] as unknown[],
      is_mms: false,
      message_type: 'longcode',
    };
    return { attributes, type: 'message', id };
  }

  private nextId(): string {
    return `mdr2-${(++this.made).toString(16).padStart(32, '0')}`;
  }
}

/** An error as Flowroute words it. */
export function flowrouteError(
  status: number,
  title: string,
  detail: string,
  { headers = {}, code }: { headers?: Record<string, string>; code?: number | string } = {},
): Reply {
  const error = { id: '7fcfd1cd-486b-4159-8484-b710bd4bbab4', status, title, detail, ...(code ? { code } : {}) };
  return { status, body: { errors: [error] }, headers: { ...JSON_API, ...headers } };
}

/** With two digits after the point. */
function timestamp(at: Date): string {
  return at.toISOString().replace(/\dZ$/, 'Z');
}

function fieldsOf({ body }: Call): Partial<Record<'to' | 'from' | 'body' | 'dlr_callback', string>> {
  const json = JSON.parse(body);
  return json.data?.attributes ?? json;
}
