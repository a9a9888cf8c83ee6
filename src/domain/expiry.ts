/** When a message's life ends: `ttlSeconds` after it is due, which is its schedule, or its acceptance where that is later. */
export function lifeEnd(acceptedAt: Date, schedule: Date | null | undefined, ttlSeconds: number): Date {
  const due = schedule && schedule > acceptedAt ? schedule : acceptedAt;
  return new Date(due.getTime() + ttlSeconds * 1000);
}
