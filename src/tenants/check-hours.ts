import { invalidField } from '../common/errors.js';
import { isTimeZone } from '../domain/time.js';
import type { WorkingHours } from '../domain/working-hours.js';

/** @throws ApiError 400 for a zone that nobody knows. */
export function checkZone(field: string, zone: string | null | undefined): void {
  if (zone && !isTimeZone(zone)) throw invalidField(field, 'must be a zone such as Asia/Ho_Chi_Minh (IANA)');
}

/** @throws ApiError 400 for hours in a zone that nobody knows. */
export function checkHours(field: string, hours: WorkingHours | null | undefined): void {
  checkZone(`${field}.zone`, hours?.zone);
}
