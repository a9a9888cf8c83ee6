import { conflict, invalidField, type ApiError } from './errors.js';

/** The header, as the OpenAPI document describes it. */
export const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same body is sent once (24 h).',
};

/** @throws ApiError 400 */
export function checkIdempotencyKey(key: string): void {
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw invalidField('Idempotency-Key', 'must have 1 to 200 printable characters without spaces');
}

export function keyReused(): ApiError {
  return conflict(
    'idempotency_key_reused',
    'This Idempotency-Key was used with another body. Use a new key for a new request.',
  );
}
