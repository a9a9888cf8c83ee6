import { invalidField } from '../common/errors.js';
import { isTimeZone } from '../domain/quiet-hours.js';
import type { WorkingHours } from '../domain/working-hours.js';

/** @throws ApiError 400 for a zone that nobody knows. */
export function checkHours(field: string, hours: WorkingHours | null | undefined): void {
  if (hours && !isTimeZone(hours.zone))
    throw invalidField(`${field}.zone`, 'must be a zone such as Asia/Ho_Chi_Minh (IANA)');
}
