/** Groups counts by the name that countBy gives each value; adds up values with the same name. */
export function countsByName(groups: Iterable<readonly [value: unknown, total: number]>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [value, total] of groups) {
    const name = groupName(value);
    counts.set(name, (counts.get(name) ?? 0) + total);
  }
  return Object.fromEntries(counts);
}

function groupName(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
