/** The one lifecycle of everything that leaves the house. Nothing else in the program knows which moves exist. */
export const MESSAGE_STATUSES = ['PENDING', 'ASSIGNED', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'CANCELED'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

const MOVES: Readonly<Record<MessageStatus, readonly MessageStatus[]>> = Object.freeze({
  PENDING: ['ASSIGNED', 'SENDING', 'SENT', 'FAILED', 'CANCELED'],
  ASSIGNED: ['SENDING', 'SENT', 'FAILED', 'CANCELED'],
  SENDING: ['SENT', 'FAILED'],
  SENT: ['DELIVERED'],
  DELIVERED: [],
  FAILED: [],
  CANCELED: [],
});

export function canMove(from: MessageStatus, to: MessageStatus): boolean {
  return MOVES[from].includes(to);
}

/** What a report may ask for from here: the table without the moves that are only ours (claiming) or the client's (canceling). */
export function reportableMoves(from: MessageStatus): MessageStatus[] {
  return MOVES[from].filter((to) => to !== 'ASSIGNED' && to !== 'CANCELED');
}

export function isFinal(status: MessageStatus): boolean {
  return MOVES[status].length === 0;
}

export function isMessageStatus(value: string): value is MessageStatus {
  return (MESSAGE_STATUSES as readonly string[]).includes(value);
}
