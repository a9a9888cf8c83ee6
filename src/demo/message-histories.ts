export interface ShownHistory {
  message_id: string;
  to: string;
  text: string;
  status: string;
  encoding: string;
  segments: number;
  history: { at: string; event: string; to?: string }[];
}

/** The statuses of each message, with the milliseconds since it was accepted. */
export function showHistories(messages: readonly ShownHistory[]): string {
  return messages.map(showHistory).join('\n');
}

function showHistory(message: ShownHistory): string {
  const start = Date.parse(message.history[0]?.at ?? '');
  const way = message.history.map(({ at, event, to }) => {
    const millis = Date.parse(at) - start;
    return event === 'accepted' ? 'PENDING' : `${to ?? event} +${millis} ms`;
  });
  return `  ${message.to}  "${message.text}"  (${message.encoding}, ${message.segments} segment${message.segments === 1 ? '' : 's'})\n      ${way.join(' -> ')}`;
}
