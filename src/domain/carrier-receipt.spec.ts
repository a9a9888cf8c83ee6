import { describe, expect, it } from '@jest/globals';
import { decideReceipt, type ReceiptMessage, type ReceiptState } from './carrier-receipt.js';
import { canMove, MESSAGE_STATUSES, type MessageStatus } from './message-status.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const CALLED = { id: 'lea_1', holder: 'carrier:acme', at: NOW, expires_at: NOW, call_started_at: NOW };
const message = (status: MessageStatus, more: Partial<ReceiptMessage> = {}): ReceiptMessage => ({
  status,
  last_error: null,
  lease: CALLED,
  ...more,
});
const STATES: ReceiptState[] = ['sending', 'sent', 'delivered', 'failed'];
const decide = (status: MessageStatus, state: ReceiptState, more: Partial<ReceiptMessage> = {}) => {
  const decision = decideReceipt(message(status, more), state, 'lea_1');
  return decision.result === 'updated' ? decision.moves : decision.result === 'recorded' ? decision.outcome : '';
};

describe('a receipt of a carrier', () => {
  it('moves a message on and never back', () => {
    const table = Object.fromEntries(
      MESSAGE_STATUSES.map((status) => [status, STATES.map((state) => String(decide(status, state)))]),
    );
    expect(table).toEqual({
      PENDING: ['SENDING', 'SENT', 'SENT,DELIVERED', 'FAILED'],
      ASSIGNED: ['SENDING', 'SENT', 'SENT,DELIVERED', 'FAILED'],
      SENDING: ['', 'SENT', 'SENT,DELIVERED', 'FAILED'],
      SENT: ['', '', 'DELIVERED', 'undelivered'],
      DELIVERED: ['', '', '', ''],
      FAILED: ['', '', '', ''],
      CANCELED: ['', '', '', ''],
    });
  });

  it('makes only moves of the lifecycle', () => {
    for (const status of MESSAGE_STATUSES) {
      for (const state of STATES) {
        const decision = decideReceipt(message(status), state, 'lea_1');
        let from = status;
        for (const to of decision.result === 'updated' ? decision.moves : []) {
          expect([from, to, canMove(from, to)]).toEqual([from, to, true]);
          from = to;
        }
      }
    }
  });

  it('is kept beside a message that FAILED only by time, each stronger one once', () => {
    const unconfirmed = { last_error: 'UNCONFIRMED' };
    expect(STATES.map((state) => decide('FAILED', state, unconfirmed))).toEqual([
      '',
      'sent',
      'delivered',
      'undelivered',
    ]);
    const known = { ...unconfirmed, delivery: { outcome: 'undelivered' as const } };
    expect(STATES.map((state) => decide('FAILED', state, known))).toEqual(['', '', 'delivered', '']);
  });

  it('of an earlier attempt: that it went out counts, that it failed does not', () => {
    const now = { lease: { ...CALLED, id: 'lea_2' } };
    expect(decideReceipt(message('ASSIGNED', now), 'failed', 'lea_1')).toEqual({
      result: 'unchanged',
      note: 'an earlier attempt failed',
    });
    expect(decide('ASSIGNED', 'sent', now)).toEqual(['SENT']);
    expect(decideReceipt(message('ASSIGNED', now), 'failed', null)).toMatchObject({ moves: ['FAILED'] });
  });

  it('that its attempt failed or is on its way says nothing of a message that was put off since', () => {
    const putOff = { lease: { ...CALLED, ended_at: NOW } };
    expect([decide('ASSIGNED', 'sending', putOff), decide('ASSIGNED', 'failed', putOff)]).toEqual(['', '']);
    expect(decide('ASSIGNED', 'delivered', putOff)).toEqual(['SENT', 'DELIVERED']);
  });

  it('leaves a line where the carrier contradicts the end', () => {
    expect(decideReceipt(message('CANCELED'), 'delivered', 'lea_1')).toEqual({
      result: 'unchanged',
      note: 'the carrier says delivered',
    });
  });
});
