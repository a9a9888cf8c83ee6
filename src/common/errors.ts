import type { StoreFailure } from './store-failure.js';

export interface ErrorDetail {
  /** Path of the field as the caller wrote it: `messages.3.to`. */
  field: string;
  message: string;
}

/** An answer that isn't a success: stable `code`, HTTP status and a sentence that tells the caller what to do. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly ErrorDetail[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** More details than this don't help the caller. */
const MOST_DETAILS = 100;

export function invalid(details: readonly ErrorDetail[], code = 'invalid_request'): ApiError {
  const first = details[0];
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  return new ApiError(
    400,
    code,
    first ? `${first.field ? `${first.field}: ` : ''}${first.message}${more}` : 'The request is not valid.',
    details.slice(0, MOST_DETAILS),
  );
}

export const invalidField = (field: string, message: string, code?: string): ApiError =>
  invalid([{ field, message }], code);

const KINDS = {
  template: 'Template',
  agent: 'Agent',
  api_key: 'API key',
  request: 'Request',
  message: 'Message',
  tenant: 'Tenant',
  user: 'User',
  import: 'Import',
  parked: 'The parked row',
  session: 'Session',
  tn: 'The number',
  participant: 'A participant with',
  client: 'Client',
  person: 'The person',
  device: 'The device',
  notification: 'Notification',
  topic: 'Topic',
  subscriber: 'The subscriber',
  push_token: 'Push token',
} as const;

export const notFound = (kind: keyof typeof KINDS, id: string): ApiError =>
  new ApiError(404, `${kind}_not_found`, `${KINDS[kind]} ${id.slice(0, 60)} does not exist. Check the id.`);

export const unauthenticated = (message: string): ApiError =>
  new ApiError(401, 'unauthenticated', message, [], { 'www-authenticate': 'Bearer' });

/** What a caller without credentials is told. */
export const NO_CREDENTIALS =
  'Send credentials: Authorization: Bearer <token> (a user’s from POST /auth/login, a phone’s from POST /agent/register), Basic, or ' +
  'X-API-Key (from POST /admin/api-keys).';

export const forbidden = (message: string): ApiError => new ApiError(403, 'forbidden', message);

export const conflict = (code: string, message: string, details: readonly ErrorDetail[] = []): ApiError =>
  new ApiError(409, code, message, details);

export const tooMany = (code: string, message: string, retryAfterSeconds: number): ApiError =>
  new ApiError(429, code, message, [], { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) });

export const busy = (message: string, retryAfterSeconds: number): ApiError =>
  new ApiError(503, 'busy', message, [], { 'retry-after': String(retryAfterSeconds) });

/** The answer for a caller when the store fails. */
export function storeFailed({ kind }: StoreFailure): ApiError {
  if (kind === 'full')
    return new ApiError(
      507,
      'store_full',
      'The disk of the store is full. Send the request again later, with the same Idempotency-Key; tell the operator.',
      [],
      {
        'retry-after': '30',
      },
    );
  const message = 'The store does not answer. Send the request again in a moment, with the same Idempotency-Key.';
  return new ApiError(503, 'store_unavailable', message, [], { 'retry-after': '2' });
}

export const stopping = (): ApiError =>
  new ApiError(503, 'stopping', 'This gateway is stopping. Send the request again in a moment.', [], {
    'retry-after': '2',
  });
