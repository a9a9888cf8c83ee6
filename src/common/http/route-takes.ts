import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { BODY_KINDS, bodyKind, type BodyKindName } from './body-kinds.js';
import { SayOfRoute } from './route-config.js';

/** Where the document's maker finds what `@Takes` says; it is gone from the document itself. */
export const X_TAKES = 'x-takes';

/** Which bodies a route takes. */
export interface Takes {
  /** One that streams, or any that are read whole. */
  kinds: readonly BodyKindName[];
  /** Of a body that is read whole. A stream is bounded by who reads it. */
  atMost: Size;
  /** In which the body has to arrive; of a stream, the longest time without progress. It is looked at every five seconds. */
  seconds: number;
}
type Size = `${number} ${keyof typeof UNITS}`;
const UNITS = { KiB: 1024, MiB: 1024 * 1024 };

export interface BodyRules extends Takes {
  bytes: number;
  types: ReadonlySet<string>;
  streams: boolean;
}

/** Of a route that says nothing, and of a path without a route. */
const USUAL: Takes = { kinds: ['json'], atMost: '1 MiB', seconds: 60 };
/** What anybody may send without saying who they are: a login or a registration has some hundred bytes. */
const PUBLIC: Takes = { ...USUAL, atMost: '64 KiB' };

/** Says which bodies a handler takes, as far as that isn't what is usual. What can't be stops the start. */
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
    streams: kinds.some(({ streams }) => streams),
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

/** NaN when it is no size. */
function bytesIn(size: Size): number {
  const [, count, unit] = /^(\d+) (KiB|MiB)$/.exec(size) ?? [];
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
