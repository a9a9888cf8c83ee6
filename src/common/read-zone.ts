import { zoneOf, type Zone } from '../domain/time.js';
import { invalidField } from './errors.js';

/** @throws ApiError 400 that names the parameter. */
export function readZone(text: string, field = 'tz'): Zone {
  const zone = zoneOf(text);
  if (zone) return zone;
  throw invalidField(field, 'must be a zone such as Asia/Ho_Chi_Minh (IANA), or an offset such as +05:30, -5 or Z');
}
