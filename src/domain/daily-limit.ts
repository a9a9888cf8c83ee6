/** Where a submitter's messages of one UTC day are counted. */
export function dailyCounterId(clientId: string, day: string): string {
  return `limit:${clientId}:${day}`;
}
