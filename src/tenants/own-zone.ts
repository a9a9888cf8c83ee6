import { namedZone, UTC, type Zone } from '../domain/time.js';
import type { Settings } from './settings.js';

/** The zone of a tenant's days. */
export function ownZone({ time_zone: name }: Pick<Settings, 'time_zone'>): Zone {
  return (name && namedZone(name)) || UTC;
}
