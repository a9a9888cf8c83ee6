import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { BODY_KINDS, bodyKind, type BodyKindName } from './body-kinds.js';
import { SayOfRoute } from './route-config.js';

/** The key under which `@Takes` stores its options for the code that builds the document, which removes it. */
export const X_TAKES = 'x-takes';

/** Which bodies a route takes. */
export interface Takes {
  /** One kind that streams, or any number of kinds that are read completely. */
  kinds: readonly BodyKindName[];
  /** Maximum size of a body that is read completely. The reader of a stream limits it. */
  atMost: Size;
  /** The time in which the body must arrive; for a stream, the longest time without progress. Checked every five seconds. */
  seconds: number;
}
type Size = `${number} ${keyof typeof UNITS}`;
const UNITS = { KiB: 1024, MiB: 1024 * 1024 };

export interface BodyRules extends Takes {
  bytes: number;
  types: ReadonlySet<string>;
  otherTypes: ReadonlySet<string>;
  untyped: string | undefined;
  streams: boolean;
  /** See `BodyKind`; of what streams, its reader judges. */
  anyEncoding: boolean;
}

/** The default, also for a path without a route. */
const USUAL: Takes = { kinds: ['json'], atMost: '1 MiB', seconds: 60 };
/** The limit for callers without credentials: a login or a registration has some hundred bytes. */
const PUBLIC: Takes = { ...USUAL, atMost: '64 KiB' };

/** Sets which bodies a handler takes, where that differs from the default. Invalid options prevent the start. */
export function Takes(said: Partial<Takes>): MethodDecorator {
  return (target, key, descriptor) => {
    const problem = problemIn(said);
    if (problem) throw new Error(`${target.constructor.name}.${String(key)}: @Takes ${problem}`);
    applyDecorators(SayOfRoute({ takes: said }), ApiExtension(X_TAKES, said))(target, key, descriptor);
  };
}

export function bodyRules(said: Partial<Takes> = {}, isPublic = false): BodyRules {
  const takes = { ...(isPublic ? PUBLIC : USUAL), ...said };
  const kinds = takes.kinds.map(bodyKind);
  return {
    ...takes,
    bytes: bytesIn(takes.atMost),
    types: new Set(kinds.flatMap(({ types }) => types)),
    otherTypes: new Set(kinds.flatMap(({ otherTypes = [] }) => otherTypes)),
    untyped: kinds.find(({ untyped }) => untyped)?.untyped,
    streams: kinds.some(({ streams }) => streams),
    anyEncoding: kinds.some(({ streams, anyEncoding }) => streams || anyEncoding),
  };
}

export const USUAL_RULES = bodyRules();

function problemIn({ kinds, atMost, seconds }: Partial<Takes>): string | undefined {
  const unknown = kinds?.find((kind) => !Object.hasOwn(BODY_KINDS, kind));
  if (unknown !== undefined || kinds?.length === 0)
    return `names kinds of body out of ${Object.keys(BODY_KINDS).join(', ')}; "${unknown ?? ''}" is not one of them.`;
  const stream = kinds?.find((kind) => bodyKind(kind).streams);
  if (stream && kinds!.length > 1) return `names ${stream}, which streams: it can't take another kind beside it.`;
  if (stream && atMost !== undefined) return `can't limit ${stream}, which streams: its reader limits it.`;
  if (atMost !== undefined && !(bytesIn(atMost) >= 1))
    return `takes a size such as '64 KiB' or '8 MiB'; "${atMost}" is not a size.`;
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1))
    return `takes whole seconds, at least one, not ${seconds}.`;
  return undefined;
}

/** NaN when the text is not a size. */
function bytesIn(size: Size): number {
  const [, count, unit] = /^(\d+) (KiB|MiB)$/.exec(size) ?? [];
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
