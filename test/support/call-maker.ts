import fc from 'fast-check';
import { idPlaces, type IdKind, type IdPlace } from './id-places.js';
import type { Operation, Schema } from './open-api.js';

export type Ids = Record<IdKind, string>;
export interface Call {
  method: string;
  path: string;
  body: unknown;
  /** The content type of a body that isn't JSON. */
  headers?: Record<string, string>;
}

/** Values that a schema doesn't contain and that must be right for a route to work. */
const BY_NAME: Record<string, unknown> = {
  password: 'battery-staple-horse',
  new_password: 'staple-battery-horse',
  client: 'key_01jd2m0q8nfgt1vwzzk4x6s5ah',
  from: '+84901234567',
  to: '+84901234568',
  received_at: '2126-11-21T09:00:00Z',
  registration_secret: 'open-sesame',
};
/** A number of the pool: where a path names none that is there, nothing else of the call is looked at. */
export const POOL_NUMBER = '+84900000077';
/** Optional fields that a body needs anyway. */
const NEEDED: Record<string, (ids: Ids, place: string | undefined) => object> = {
  'POST /requests': (ids) => ({
    template_id: ids.template,
    agent_id: ids.agent,
    messages: [{ to: '+84901234568', variables: { CODE: '123456' } }],
  }),
  // Where the call's id stands tells which of the forms it has.
  'POST /notifications': ({ person, template }, place) => ({
    to: place === 'to.0.person_id' ? [{ person_id: person }] : { person_id: person },
    ...(place === 'template_id' ? { template_id: template, variables: { CODE: '1' } } : { text: 'told' }),
  }),
  'POST /agent/messages/report': (ids) => ({ messages: [{ message_id: ids.message, status: 'SENDING' }] }),
};

/** Routes whose body is not JSON, with the query that they need. */
const FILES: Record<string, (ids: Ids) => { query: Record<string, string>; body: string; type: string }> = {
  'POST /requests/import': (ids) => ({
    query: { template_id: ids.template, agent_id: ids.agent },
    body: 'to,CODE\n+84901234568,123456\n',
    type: 'text/csv',
  }),
};

/** A valid call made from the schema; `change` puts another id into one place. */
export function makeCall(operation: Operation, ids: Ids, change?: { place: IdPlace; id: string }): Call {
  const placeIs = (where: string, at: string) => change?.place.where === where && change.place.at === at;
  const places = idPlaces(operation);
  let path = operation.path;
  const file = FILES[operation.name]?.(ids);
  const query = new URLSearchParams(file?.query);
  for (const { name, in: where, required, schema } of operation.parameters) {
    const kind = places.find((place) => place.where === where && place.at === name)?.kind;
    const value = placeIs(where, name)
      ? name === 'route'
        ? `agent:${change!.id}`
        : change!.id
      : kind
        ? ids[kind]
        : where === 'path' && name === 'number'
          ? POOL_NUMBER
          : String(smallest(schema, name));
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (where === 'query' && (required || placeIs(where, name))) query.set(name, value);
  }
  // These are two ways to name the target: only one is allowed.
  if (query.has('route')) query.delete('agent_id');
  const suffix = query.size > 0 ? `?${query.toString()}` : '';
  if (file)
    return { method: operation.method, path: path + suffix, body: file.body, headers: { 'content-type': file.type } };
  const body =
    operation.body &&
    (NEEDED[operation.name]?.(ids, change?.place.where === 'body' ? change.place.at : undefined) ??
      smallest(operation.body, ''));
  if (body) for (const place of places) if (place.where === 'body') fill(body as object, place, ids[place.kind], false);
  if (change?.place.where === 'body') fill(body as object, change.place, change.id, true);
  return { method: operation.method, path: path + suffix, body };
}

/** Puts an id into its place; adds a missing field of the body only with `also`. */
function fill(body: object, { at }: IdPlace, id: string, also: boolean): void {
  const names = at.split('.');
  const last = names.pop()!;
  const parent = names.reduce<Record<string, unknown> | undefined>(
    (inner, name) => inner?.[name] as never,
    body as never,
  );
  if (!parent || (!also && !(last in parent))) return;
  // These are two ways to name the target: only one is allowed.
  if (last === 'route') delete parent['agent_id'];
  parent[last] = last === 'route' ? `agent:${id}` : id;
}

/** The smallest value that matches a schema. */
export function smallest(schema: Schema, name: string): unknown {
  if (name in BY_NAME) return BY_NAME[name];
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return smallest(schema.anyOf[0]!, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((inner) => [inner, smallest(schema.properties![inner]!, inner)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items!, ''));
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return schema.pattern ? matching(schema.pattern) : 'x'.repeat(schema.minLength ?? 1);
  }
}

function matching(pattern: string): string {
  return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 7 })[0]!;
}
