import type { Operation, Schema } from './open-api.js';

export const ID_KINDS = [
  'tenant',
  'user',
  'api_key',
  'template',
  'agent',
  'request',
  'message',
  'import',
  'parked',
  'session',
  'participant',
  'client',
  'person',
  'notification',
  'push_token',
  'topic',
] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** A place in a call that contains one of our ids. */
export interface IdPlace {
  where: 'path' | 'query' | 'body';
  /** The parameter's name, or the way into the body: `messages.0.message_id`. */
  at: string;
  kind: IdKind;
}

/** The kind of row that the `{id}` after a path segment names. */
const BY_SEGMENT: Record<string, IdKind> = {
  tenants: 'tenant',
  users: 'user',
  'api-keys': 'api_key',
  templates: 'template',
  agents: 'agent',
  requests: 'request',
  messages: 'message',
  message: 'message',
  devices: 'agent',
  import: 'import',
  parked: 'parked',
  sessions: 'session',
  participants: 'participant',
  clients: 'client',
  people: 'person',
  notifications: 'notification',
  topics: 'topic',
  subscribers: 'person',
  'push-tokens': 'push_token',
};
const BY_NAME: Record<string, IdKind> = {
  template_id: 'template',
  agent_id: 'agent',
  request_id: 'request',
  message_id: 'message',
  client_id: 'api_key',
  route: 'agent',
  session_id: 'session',
  person_id: 'person',
};
/** Names in paths that every tenant has: no row of anybody's. And devices, of which everybody names only their own. */
const NAMES = new Set(['{name} of carriers', '{device} of devices', '{id} of webhooks']);
/**
 * Names that callers choose themselves, which name none of our rows. A lease's id occurs only together with its message's id; a token
 * proves who calls.
 */
const NOT_OURS = new Set(['device_id', 'external_id', 'lease_id', 'project_id', 'token', 'number', 'code']);

/** @throws Error when the document names an id that this table doesn't know, so that no route escapes the tests. */
export function idPlaces(operation: Operation): IdPlace[] {
  const places: IdPlace[] = [];
  for (const { name, in: where } of operation.parameters) {
    if (NOT_OURS.has(name) || (where === 'path' && isName(operation, name))) continue;
    if (where === 'path') places.push({ where, at: name, kind: kindInPath(operation, name) });
    else if (where === 'query' && looksLikeId(name)) places.push({ where, at: name, kind: kindOf(operation, name) });
  }
  for (const at of operation.body ? idsIn(operation.body, '') : []) {
    places.push({ where: 'body', at, kind: kindOf(operation, at.split('.').at(-1)!) });
  }
  return places;
}

function isName({ path }: Operation, name: string): boolean {
  const segments = path.split('/');
  return NAMES.has(`{${name}} of ${segments[segments.indexOf(`{${name}}`) - 1]}`);
}

function kindInPath(operation: Operation, name: string): IdKind {
  const segments = operation.path.split('/');
  const before = segments[segments.indexOf(`{${name}}`) - 1] ?? '';
  const kind = BY_SEGMENT[before];
  if (!kind) {
    throw new Error(
      `${operation.name}: the meaning of {${name}} is unknown. Add "${before}" to BY_SEGMENT in test/support/id-places.ts.`,
    );
  }
  return kind;
}

function kindOf(operation: Operation, name: string): IdKind {
  const kind = name === 'id' ? BY_SEGMENT[operation.path.split('/').at(-1)!] : BY_NAME[name];
  if (!kind) {
    throw new Error(
      `${operation.name}: the meaning of "${name}" is unknown. Add it to BY_NAME or NOT_OURS in test/support/id-places.ts.`,
    );
  }
  return kind;
}

function looksLikeId(name: string): boolean {
  return /(^|_)ids?$|^route$/.test(name) && !NOT_OURS.has(name);
}

function idsIn(schema: Schema, at: string): string[] {
  const inside = (name: string): string => (at === '' ? name : `${at}.${name}`);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      looksLikeId(name) ? [inside(name)] : idsIn(inner, inside(name)),
    ),
    ...(schema.items ? idsIn(schema.items, inside('0')) : []),
    ...(schema.anyOf ?? []).flatMap((choice) => idsIn(choice, at)),
  ];
}
