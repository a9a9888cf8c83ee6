import { MINUTE_MILLIS, QUARTER_MILLIS, zoneOf, type Zone } from '../domain/time.js';
import { invalidField } from './errors.js';

/** In minutes; no clock is further behind UTC. */
const MOST_BEHIND = -12 * 60;

/** A zone that a caller asks for. @throws ApiError 400 that names the parameter. */
export function readZone(text: string, field = 'tz'): Zone {
  const zone = zoneOf(text);
  if (zone && isKept(zone)) return zone;
  throw invalidField(field, 'must be a zone such as Asia/Ho_Chi_Minh (IANA), or an offset such as +05:30, -5 or Z');
}

/**
 * Whether somebody's clock may show it. Reports count by minutes, and old hours by quarters, so an offset must be of quarters. Those of
 * zones with a name have been since 1972; what they were before is nobody's business here.
 */
function isKept(zone: Zone): boolean {
  if (!zone.isUniversal || zone.type === 'iana') return true;
  const minutes = zone.offset(0);
  return minutes >= MOST_BEHIND && (minutes * MINUTE_MILLIS) % QUARTER_MILLIS === 0;
}
