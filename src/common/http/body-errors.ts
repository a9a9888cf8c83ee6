import { ApiError } from '../errors.js';
import type { BodyRules } from './route-takes.js';

export function bodyTooLarge({ atMost }: BodyRules): ApiError {
  return new ApiError(413, 'body_too_large', `The body is larger than this route allows: ${atMost} at most.`);
}

export function wrongKindOfBody({ types, streams }: BodyRules): ApiError {
  const message = `Send the ${streams ? 'file' : 'body'} as ${[...types].join(' or as ')}.`;
  return new ApiError(415, 'unsupported_media_type', message);
}

export function otherCharset(charset: string): ApiError {
  const message = `This route takes UTF-8, and not ${charset}. Send the body in UTF-8, and nothing else as its charset.`;
  return new ApiError(415, 'unsupported_media_type', message);
}

export function compressedBody(encoding: string): ApiError {
  const message = `Bodies are not taken compressed (Content-Encoding: ${encoding}). Send it without.`;
  return new ApiError(415, 'unsupported_media_type', message);
}

export function bodyTooSlow(): ApiError {
  return new ApiError(408, 'body_timeout', 'The body took too long to arrive. Send the request again.');
}
