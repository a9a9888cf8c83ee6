import { MINUTE_MILLIS, quarterOf, UTC, type Zone } from '../domain/time.js';

/** Writes the times of many rows as ISO 8601 with the offset of a zone: each time once, and the zone is asked once for a quarter. */
export class ZonedTimes {
  private readonly known = new Map<number, string>();
  private readonly offsets = new Map<number, number>();

  constructor(private readonly zone: Zone = UTC) {}

  text(time: Date): string {
    const millis = time.getTime();
    let text = this.known.get(millis);
    if (text === undefined) this.known.set(millis, (text = this.write(time)));
    return text;
  }

  private write(time: Date): string {
    if (this.zone === UTC) return time.toISOString();
    const quarter = quarterOf(time).getTime();
    let offset = this.offsets.get(quarter);
    if (offset === undefined) this.offsets.set(quarter, (offset = this.zone.offset(quarter)));
    const local = new Date(time.getTime() + offset * MINUTE_MILLIS).toISOString().slice(0, -1);
    return local + offsetText(offset);
  }
}

/** `+07:00`. */
function offsetText(minutes: number): string {
  const ahead = Math.abs(minutes);
  const [hours, rest] = [Math.floor(ahead / 60), ahead % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}
