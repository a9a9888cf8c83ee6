export interface ShownWay {
  message_id: string;
  to: string;
  text: string;
  status: string;
  encoding: string;
  segments: number;
  history: { at: string; event: string; to?: string }[];
}

/** Each message's way, with the milliseconds since it was accepted. */
export function showWays(messages: readonly ShownWay[]): string {
  return messages.map(showWay).join('\n');
}

function showWay(message: ShownWay): string {
  const start = Date.parse(message.history[0]?.at ?? '');
  const way = message.history.map(({ at, event, to }) => {
    const millis = Date.parse(at) - start;
    return event === 'accepted' ? 'PENDING' : `${to ?? event} +${millis} ms`;
  });
  return `  ${message.to}  "${message.text}"  (${message.encoding}, ${message.segments} segment${message.segments === 1 ? '' : 's'})\n      ${way.join(' -> ')}`;
}
