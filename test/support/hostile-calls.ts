import fc from 'fast-check';
import { makeCall, smallest, type Ids } from './call-maker.js';
import type { Operation, Schema } from './open-api.js';

export interface HostileCall {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** Represents the key `__proto__` in generated values, since an object literal can't have it as its own key. */
const PROTO = '@@proto@@';
const LONE = '\ud800';

// prettier-ignore
const VALUES: unknown[] = [
  null, true, false, 0, -1, 1.5, -0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324,
  '', ' ', '\t\n', '0', '-1', 'null', 'undefined', 'NaN', 'true', '[]', '{}', '$ne', '%', '\\', "'--", '${7*7}', '{CODE}',
  '\0', 'a\0b', LONE, `a${LONE}b`, '\udc00\ud800', '\u202e', '\ufeff', '\uffff', '💥'.repeat(500), 'ﷺ'.repeat(200), 'e\u0301\u0323'.repeat(99),
  'x'.repeat(201), 'x'.repeat(1001), 'x'.repeat(100_000), ' '.repeat(10_000), '9'.repeat(400), `+${'9'.repeat(40)}`,
  '2026-13-45T99:99:99Z', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00.001Z', '0000-00-00', '1e400',
  '../../etc/passwd', '<script>alert(1)</script>', '*', '.*', '(a+)+$', 'constructor', '__proto__', 'toString',
  { $gt: '' }, { $ne: null }, { $where: 'sleep(1000)' }, { $regex: '^' }, { $in: [] }, { $set: { role: 'platform_admin' } },
  { [PROTO]: { isAdmin: true } }, { constructor: { prototype: { isAdmin: true } } }, { toString: 1, valueOf: null }, { length: 1e9 },
  { '': '' }, { 'a.b': 1 }, { 'a\0b': 1 }, { [LONE]: 1 }, { ['k'.repeat(5000)]: 1 },
  [], [[]], [null], [{}], Array(1200).fill('x'), Array.from({ length: 300 }, () => ({})), nested(20), nested(40), nested(3000),
];
// prettier-ignore
const KEYS = [
  PROTO, 'constructor', 'prototype', 'toString', '$set', '$where', 'tenant_id', '_id', 'role', '', 'x'.repeat(300), 'a.b', LONE, 'a\0',
];
// prettier-ignore
const PIECES = [
  '%', '%zz', '%00', '%2e%2e%2f', '%ED%A0%80', '%F0%9F%92%A5', '%20', '%0d%0aX-A:%20b', '%22%7D', '$ne', '*', ':id', '{id}',
  '__proto__', 'constructor', 'undefined', 'null', '0', '-1', 'a'.repeat(199), 'a'.repeat(201), 'a'.repeat(6000), '%61'.repeat(80),
];
// prettier-ignore
const BROKEN_JSON = [
  '{', '{"a":', '{"a":1,}', "{'a':1}", 'undefined', 'NaN', '[1,2', '"', '{"a":1}{"b":2}', '\u0000', '{"a":"\u0001"}', '0x10',
  '\ufeff{}', '\ufeff\ufeff{}', '{"\\u005f_proto__":1}', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '1e999', '-', '[', '[]]',
  '['.repeat(200_000), '{"a":'.repeat(50_000),
];
// prettier-ignore
const MEDIA_TYPES = [
  'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=x', 'application/xml',
  'application/octet-stream', 'application/json; charset=utf-16', 'application/json;', 'json', 'application/merge-patch+json', '*/*', '/',
];
// prettier-ignore
const HEADERS = [
  'x-tenant', 'idempotency-key', 'x-request-id', 'content-type', 'accept', 'content-encoding', 'x-http-method-override', 'accept-version',
];
// prettier-ignore
const HEADER_VALUES = [
  '', ' ', 'nobody', '__proto__', '\xff\xfe', 'x'.repeat(300), 'x'.repeat(5000), '%00', '{"$ne":1}', '../..', 'application/json', 'gzip',
];
// prettier-ignore
const QUERY_VALUES = ['', '1', '500', '501', '1e3', '0x10', '1.5', '-0', '1e308', 'Infinity', '99999999999999999999'];

// prettier-ignore
const BROKEN_FILES = [
  '', '\ufeff', 'to', 'to,CODE', 'to,CODE\n', 'to,CODE\n\0,1', 'to,CODE\n"', 'to,CODE\n0901234567,"1"x', '\ud800,\udfff\n1,2', '=1+1,CODE\n1,2',
  'to,to\n1,2', '__proto__,CODE\n1,2', 'to,__proto__,CODE,constructor\n0901234567,1,2,3', `to,CODE\n${'x'.repeat(100_000)}`, ','.repeat(50_000),
  `to,CODE\n${'0901234567,1\n'.repeat(50)}`, `to,CODE\n${'nobody,1\n'.repeat(500)}`, '\n'.repeat(70_000), '"'.repeat(70_000), 'to;CODE\r1;2\r\n\r',
  '--x\r\n\r\n', '--x--', '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nto,CODE\n0901234567,7',
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nto,CODE\n0901234567,8\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\n1\r\n--x--\r\n',
];
const broken = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<HostileCall['body']>(...BROKEN_FILES) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).map((text) => `to,CODE\n${text}`) },
);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);
const piece = fc.constantFrom(...PIECES);
const header = fc.record({ name: fc.constantFrom(...HEADERS), value: fc.constantFrom(...HEADER_VALUES) });

/** Calls of one route that are wrong in one place, or everywhere. */
export function hostileCalls(operation: Operation, ids: Ids): fc.Arbitrary<HostileCall> {
  const good = makeCall(operation, ids);
  const file = good.headers && raw(good.body as string, good.headers['content-type']!);
  const sent = (body: unknown): HostileCall => ({ ...good, ...(file ?? json(body)) });
  const full = operation.body && { ...(everyField(operation.body, '') as object), ...(good.body as object) };
  const kinds = [
    // Headers, path, query.
    kind(1, fc.array(header, { minLength: 1, maxLength: 3 }), (given) => withHeaders(sent(good.body), given)),
    kind(2, fc.tuple(fc.constantFrom(...slots(good.path)), piece), ([slot, text]) => ({
      ...sent(good.body),
      path: slot(text),
    })),
    kind(2, queryOf(operation), (query) => ({ ...sent(good.body), path: `${good.path.split('?')[0]}?${query}` })),
    // Whole bodies.
    kind(1, fc.constantFrom(...BROKEN_JSON), (body) => ({ ...good, ...raw(body, 'application/json') })),
    kind(1, value, (body) => sent(body)),
    kind(1, fc.tuple(fc.constantFrom(...MEDIA_TYPES), fc.constantFrom(...BROKEN_JSON)), ([type, body]) => ({
      ...good,
      ...raw(body, type),
    })),
    ...(file
      ? [
          kind(4, fc.tuple(fc.constantFrom('text/csv', 'multipart/form-data; boundary=x'), broken), ([type, body]) => ({
            ...good,
            ...raw(body, type),
          })),
        ]
      : []),
    kind(1, fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => ({
      ...good,
      ...raw(Uint8Array.from(bytes), 'application/json'),
    })),
  ];
  if (full) {
    const place = fc.constantFrom(...placesIn(full));
    kinds.push(
      kind(8, fc.tuple(place, value), ([at, bad]) => sent(put(full, at, bad))),
      kind(1, place, (at) => sent(put(full, at, undefined))),
      kind(2, fc.tuple(fc.constantFrom(...KEYS), value), ([name, bad]) =>
        sent({ ...(good.body as object), [name]: bad }),
      ),
    );
  }
  return fc.oneof(...kinds);
}

function kind<T>(weight: number, parts: fc.Arbitrary<T>, toCall: (parts: T) => HostileCall) {
  return { weight, arbitrary: parts.map(toCall) };
}

function json(body: unknown): Pick<HostileCall, 'headers' | 'body'> {
  if (body === undefined) return { headers: {}, body: undefined };
  return raw(JSON.stringify(body).replaceAll(PROTO, '__proto__'), 'application/json');
}

function raw(body: HostileCall['body'], type: string): Pick<HostileCall, 'headers' | 'body'> {
  return { headers: { 'content-type': type }, body };
}

function withHeaders(call: HostileCall, given: readonly { name: string; value: string }[]): HostileCall {
  return {
    ...call,
    headers: { ...call.headers, ...Object.fromEntries(given.map(({ name, value }) => [name, value])) },
  };
}

/** Invalid variants of a path: with each segment replaced, or with one more segment. */
function slots(path: string): ((text: string) => string)[] {
  const segments = path.split('?')[0]!.split('/');
  const replaced = segments.map((_, i) => (text: string) => `/${segments.with(i, text).slice(1).join('/')}`);
  return [...replaced.slice(1), (text) => `${path}/${text}`, (text) => `/sms${path}${text}`];
}

function queryOf(operation: Operation): fc.Arbitrary<string> {
  const known = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const name = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('limit', ...known) },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', '$where', 'x', '', 'a'.repeat(3000)) },
  );
  const suffix = fc.constantFrom('', '', '', '[$gt]', '[]', '[0]', '.x', '%5B%24ne%5D');
  const texts = VALUES.filter((one) => typeof one === 'string').map(encoded);
  const given = fc.constantFrom(...PIECES, ...QUERY_VALUES, ...texts);
  return fc
    .array(fc.tuple(name, suffix, given), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([first, rest, last]) => `${first}${rest}=${last}`).join('&'));
}

/** Percent-encodes a value; a URL can't contain a lone surrogate. */
function encoded(text: string): string {
  return encodeURIComponent(text.slice(0, 3000).replaceAll(/\p{Surrogate}/gu, '?'));
}

/** A value with every field that a schema knows. */
function everyField(schema: Schema, name: string): unknown {
  if (schema.anyOf) return everyField(schema.anyOf[0]!, name);
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([inner, part]) => [inner, everyField(part, inner)]),
    );
  if (schema.type === 'array') return [everyField(schema.items!, name)];
  return smallest(schema, name);
}

type Place = readonly (string | number)[];

function placesIn(inside: unknown, at: Place = []): Place[] {
  if (typeof inside !== 'object' || inside === null) return at.length > 0 ? [at] : [];
  const inner = Object.entries(inside).flatMap(([name, part]) => placesIn(part, [...at, name]));
  return at.length > 0 ? [at, ...inner] : inner;
}

function put(into: unknown, [name, ...rest]: Place, bad: unknown): unknown {
  const copy = (Array.isArray(into) ? [...into] : { ...(into as object) }) as Record<string, unknown>;
  copy[name!] = rest.length === 0 ? bad : put(copy[name!], rest, bad);
  return copy;
}

function nested(depth: number): unknown {
  let inner: unknown = 1;
  for (let i = 0; i < depth; i++) inner = i % 2 === 0 ? [inner] : { a: inner };
  return inner;
}
