/** No answer: the server may or may not have done what it was asked. */
export class NetworkError extends Error {}

/** The simulated phone itself had no network: nothing anybody has to be told of. */
export class OfflineError extends NetworkError {}

/** The caller itself gave up (a stop or a crash). */
export class StoppedError extends Error {}

/** The server doesn't want this phone: a refused registration, or a token that was rotated or taken away. */
export class RefusedError extends Error {
  constructor(
    readonly device: string,
    message: string,
  ) {
    super(`${device}: ${message}`);
  }
}

/** Any other answer than 2xx. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The server read the body and will not take it: the same body again is the same answer again. */
export function isBodyRefused(error: unknown): boolean {
  return error instanceof ServerError && [400, 413, 422].includes(error.status);
}

export function retryAfterMs(error: unknown): number {
  return error instanceof ServerError ? error.retryAfterMs : 0;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
