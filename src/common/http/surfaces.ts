import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { ApiError, ErrorDetail } from '../errors.js';
import { paragraph, plainPage } from './page.js';
import { SayOfRoute } from './route-config.js';
import {
  CHT_ERROR,
  chtError,
  CONVERSATIONS_ERROR,
  CONVERSATIONS_ERRORS,
  conversationsError,
  FLOWROUTE_ERROR,
  FLOWROUTE_ERRORS,
  FLOWROUTE_INBOUND_ERROR,
  flowrouteError,
  flowrouteInboundError,
  NOTIFIER_ERROR,
  SMSGATE_ERROR,
  SMSGATE_ERRORS,
  smsgateError,
  notifierError,
  SMSS_ERROR,
  SMSS_ERRORS,
  smssError,
} from './source-errors.js';

/** What the routes for one kind of callers have in common. */
export interface SurfaceRules {
  /** The body of an error for these callers; status and headers come from the error. */
  errorBody(error: ApiError, requestId: string): object | string;
  /** For operators: closed in production until METRICS_TOKEN or METRICS_ALLOW opens it. */
  isForOperators?: true;
  /** A gateway with `ROLE=worker` answers these routes, too. */
  isInBackground?: true;
  /** The media type of that body, where it isn't JSON. */
  errorType?: string;
  /** The schema of that body in the OpenAPI document, where it isn't the usual one. */
  errorSchema?: { name: string; schema: object };
  /** Errors that these routes document beside the usual ones. */
  ownErrors?: readonly ApiError[];
  /** Pages that run scripts in a browser. */
  isPages?: true;
  /** A browser that comes without credentials asks for a name and a password. */
  asksForPassword?: true;
  /** It is sent to the page on which to log in. */
  sendsToLogin?: true;
}

/** The key under which the OpenAPI document says whose errors an operation has, where they aren't the usual ones. */
export const X_SURFACE = 'x-surface';

/** All surfaces. For a new one, add an entry here and `@Surface` on its controllers. */
export const SURFACES = {
  /** Our own routes, and every path without a route. */
  trunkline: { errorBody },
  health: { errorBody, isInBackground: true },
  metrics: { errorBody, isInBackground: true, isForOperators: true },
  /** `/tn` and `/session`, as their source system answered. */
  flowroute: { errorBody: flowrouteError, errorSchema: FLOWROUTE_ERROR, ownErrors: FLOWROUTE_ERRORS },
  /** `POST /`, where the same system took Flowroute's calls. */
  flowroute_inbound: { errorBody: flowrouteInboundError, errorSchema: FLOWROUTE_INBOUND_ERROR },
  /** `/sessions` and what belongs to it, as their source system answered. */
  conversations: { errorBody: conversationsError, errorSchema: CONVERSATIONS_ERROR, ownErrors: CONVERSATIONS_ERRORS },
  /** `/smss`, `/notifications/tokens` and `/notifications/topic`, as their source system answered. */
  smss: { errorBody: smssError, errorSchema: SMSS_ERROR, ownErrors: SMSS_ERRORS },
  /** `/preference` and `/notify`, as their source system answered. */
  notifier: { errorBody: notifierError, errorSchema: NOTIFIER_ERROR, asksForPassword: true, sendsToLogin: true },
  /** What the SMSGate app speaks with its private server. */
  smsgate: { errorBody: smsgateError, errorSchema: SMSGATE_ERROR },
  /** What scripts speak with it. */
  smsgate_scripts: { errorBody: smsgateError, errorSchema: SMSGATE_ERROR, ownErrors: SMSGATE_ERRORS },
  /** What the CHT Gateway app polls. */
  cht: { errorBody: chtError, errorSchema: CHT_ERROR },
  /** Pages without scripts, for people. */
  page: { errorBody, asksForPassword: true },
  /** Pages where links in messages lead, for people without credentials: also an error is a page. */
  link: {
    errorBody: ({ message }) => plainPage('en', 'This did not work', paragraph(message)),
    errorType: 'text/html; charset=utf-8',
    errorSchema: { name: 'LinkError', schema: { type: 'string', description: 'A page that says what is wrong.' } },
  },
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
  const rules: SurfaceRules = SURFACES[name];
  const say = SayOfRoute({ surface: name });
  return rules.errorSchema ? applyDecorators(say, ApiExtension(X_SURFACE, name)) : say;
}

export function surfaceOf(request: FastifyRequest): SurfaceRules {
  return SURFACES[surfaceName(request)];
}

export function surfaceName(request: FastifyRequest): SurfaceName {
  return request.routeOptions.config.surface ?? 'trunkline';
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
