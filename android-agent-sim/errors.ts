/** No answer: the server may or may not have executed the request. */
export class NetworkError extends Error {}

/** The simulated phone itself had no network, so the user needn't see an error. */
export class OfflineError extends NetworkError {}

/** The caller itself gave up (a stop or a crash). */
export class StoppedError extends Error {}

/** The server refuses this phone: a refused registration, or a token that was rotated or revoked. */
export class RefusedError extends Error {
  constructor(
    readonly device: string,
    message: string,
  ) {
    super(`${device}: ${message}`);
  }
}

/** Any other answer that is not 2xx. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The server read the body and refuses it: a retry with the same body gets the same answer. */
export function isBodyRefused(error: unknown): boolean {
  return error instanceof ServerError && [400, 413, 422].includes(error.status);
}

export function retryAfterMs(error: unknown): number {
  return error instanceof ServerError ? error.retryAfterMs : 0;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
