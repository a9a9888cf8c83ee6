// RFC 3339 as people write it: seconds, fraction and zone may be left out; a space (a decoded `+`) may stand before the offset.
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+\- ]\d{2}(?::?\d{2})?)?$/;

/** An instant of an ISO 8601 string; without a zone it is UTC. Null when it is no date (also 30 February). */
export function parseTimestamp(text: string): Date | null {
  const match = ISO.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return null;
  const millis = Number((match[7] ?? '0').slice(0, 3).padEnd(3, '0'));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCDate() !== day || local.getUTCMonth() !== month - 1) return null;
  local.setUTCHours(hour, minute, second, millis);
  const offset = offsetMinutes(match[8]);
  return offset === null ? null : new Date(local.getTime() - offset * 60_000);
}

function offsetMinutes(zone: string | undefined): number | null {
  if (!zone || /^z$/i.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 14 || minutes > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The UTC day, `2026-11-21`. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

export function nextUtcMidnight(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 86_400_000) * 86_400_000 + 86_400_000);
}
