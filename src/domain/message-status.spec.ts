import { describe, expect, it } from '@jest/globals';
import { canMove, isFinal, MESSAGE_STATUSES, reportableMoves } from './message-status.js';

describe('message status', () => {
  it('allows exactly the moves of the lifecycle', () => {
    const moves = MESSAGE_STATUSES.flatMap((from) =>
      MESSAGE_STATUSES.filter((to) => canMove(from, to)).map((to) => `${from}>${to}`),
    );
    expect(moves).toEqual([
      'PENDING>ASSIGNED',
      'PENDING>SENDING',
      'PENDING>SENT',
      'PENDING>FAILED',
      'PENDING>CANCELED',
      'ASSIGNED>SENDING',
      'ASSIGNED>SENT',
      'ASSIGNED>FAILED',
      'ASSIGNED>CANCELED',
      'SENDING>SENT',
      'SENDING>FAILED',
      'SENT>DELIVERED',
    ]);
  });

  it('ends in DELIVERED, FAILED and CANCELED', () => {
    expect(MESSAGE_STATUSES.filter(isFinal)).toEqual(['DELIVERED', 'FAILED', 'CANCELED']);
  });

  it('never lets a report cancel or claim', () => {
    for (const status of MESSAGE_STATUSES) {
      expect(reportableMoves(status)).not.toContain('CANCELED');
      expect(reportableMoves(status)).not.toContain('ASSIGNED');
    }
  });
});
