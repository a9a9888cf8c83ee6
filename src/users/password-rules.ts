import { invalidField } from '../common/errors.js';

/** bcrypt reads 72 bytes and silently ignores the rest. */
export function checkPasswordBytes(password: string, field: string): void {
  if (Buffer.byteLength(password) > 72)
    throw invalidField(field, 'must have 72 bytes or less (accented letters take two or three)');
}
