import { utcMinute } from './time.js';

/** `ten_...|2026-11-21T10:07`: one tenant's minute, or hour, in the order of time. */
export function bucketId(tenant: string, at: Date): string {
  return `${tenant}|${utcMinute(at)}`;
}
