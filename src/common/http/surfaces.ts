import type { FastifyRequest } from 'fastify';
import type { ApiError, ErrorDetail } from '../errors.js';
import { SayOfRoute } from './route-config.js';

/** What the routes for one kind of callers have in common. */
export interface SurfaceRules {
  /** The body of an error for these callers; status and headers come from the error. */
  errorBody(error: ApiError, requestId: string): object | string;
  /** For operators: closed in production until METRICS_TOKEN or METRICS_ALLOW opens it. */
  isForOperators?: true;
  /** A gateway with `ROLE=worker` answers these routes, too. */
  isInBackground?: true;
  /** Pages that run scripts in a browser. */
  isPages?: true;
}

/** All surfaces. For a new one, add an entry here and `@Surface` on its controllers. */
export const SURFACES = {
  /** Our own routes, and every path without a route. */
  trunkline: { errorBody },
  health: { errorBody, isInBackground: true },
  metrics: { errorBody, isInBackground: true, isForOperators: true },
  documentation: { errorBody, isForOperators: true, isPages: true },
} satisfies Record<string, SurfaceRules>;

export type SurfaceName = keyof typeof SURFACES;

declare module 'fastify' {
  interface FastifyContextConfig {
    surface?: SurfaceName;
  }
}

/** Sets the surface of these routes, when it isn't the default one. */
export function Surface(name: SurfaceName): MethodDecorator & ClassDecorator {
  if (!Object.hasOwn(SURFACES, name))
    throw new Error(`@Surface takes one of ${Object.keys(SURFACES).join(', ')}; "${String(name)}" is not one of them.`);
  return SayOfRoute({ surface: name });
}

export function surfaceOf(request: FastifyRequest): SurfaceRules {
  return SURFACES[request.routeOptions.config.surface ?? 'trunkline'];
}

export interface ErrorBody {
  success: false;
  error: number;
  code: string;
  message: string;
  details: readonly ErrorDetail[];
  request_id: string;
}

/** The shape of errors of the default surface, and of requests that reach no route. */
export function errorBody({ status, code, message, details }: ApiError, requestId: string): ErrorBody {
  return { success: false, error: status, code, message, details, request_id: requestId };
}
