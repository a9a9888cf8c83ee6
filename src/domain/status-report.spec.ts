import { describe, expect, it } from '@jest/globals';
import type { Outcome } from './delivery.js';
import type { Lease } from './lease.js';
import { MESSAGE_STATUSES, type MessageStatus } from './message-status.js';
import { decideReport, type Report, type ReportedMessage } from './status-report.js';

const now = new Date('2026-11-21T10:00:00Z');
const later = new Date(now.getTime() + 60_000);
const before = new Date(now.getTime() - 60_000);
const lease = (holder: string, extra: Partial<Lease> = {}): Lease => ({
  id: 'L1',
  holder,
  at: before,
  expires_at: later,
  ...extra,
});
const message = (status: MessageStatus, extra: Partial<ReportedMessage> = {}): ReportedMessage => ({
  status,
  last_error: null,
  agent_id: 'a',
  holders: ['a'],
  lease: status === 'PENDING' ? null : lease('a'),
  ...extra,
});
const says = (m: ReportedMessage, reporter: string, status: MessageStatus, lease_id?: string) =>
  decideReport(m, { reporter, status, lease_id }, now);

describe('a report', () => {
  it('of the holder makes exactly the moves of the lifecycle', () => {
    const table = MESSAGE_STATUSES.flatMap((from) =>
      MESSAGE_STATUSES.flatMap((to) => {
        const decision = says(message(from), 'a', to);
        return decision.result === 'updated' ? [`${from}>${decision.moves.join('>')}`] : [];
      }),
    );
    expect(table).toEqual([
      'PENDING>SENDING',
      'PENDING>SENT',
      'PENDING>FAILED',
      'ASSIGNED>SENDING',
      'ASSIGNED>SENT',
      'ASSIGNED>FAILED',
      'SENDING>SENT',
      'SENDING>SENT>DELIVERED',
      'SENDING>FAILED',
      'SENT>DELIVERED',
    ]);
  });

  it('of the current status changes nothing', () => {
    for (const status of MESSAGE_STATUSES) expect(says(message(status), 'a', status).result).toBe('unchanged');
  });

  it('of a stranger is unknown', () => {
    expect(says(message('ASSIGNED'), 'z', 'SENT').result).toBe('unknown');
  });

  it('asks for SENDING with success only from the present holder, in time, under its own lease', () => {
    const retaken = message('ASSIGNED', { lease: lease('b'), holders: ['a', 'b'], agent_id: 'b' });
    expect(says(retaken, 'a', 'SENDING').result).toBe('conflict');
    expect(says(retaken, 'b', 'SENDING').result).toBe('updated');
    expect(says(message('ASSIGNED', { lease: lease('a', { expires_at: before }) }), 'a', 'SENDING').result).toBe(
      'conflict',
    );
    expect(says(message('ASSIGNED', { lease: lease('a', { ended_at: before }) }), 'a', 'SENDING').result).toBe(
      'conflict',
    );
    expect(says(message('ASSIGNED'), 'a', 'SENDING', 'L0').result).toBe('conflict');
    expect(says(message('SENDING'), 'a', 'SENDING', 'L1').result).toBe('unchanged');
    expect(says(message('SENDING', { holders: ['a', 'b'] }), 'b', 'SENDING').result).toBe('conflict');
  });

  it('of SENT is believed from a former holder, FAILED is only noted', () => {
    const retaken = message('ASSIGNED', { lease: lease('b'), holders: ['a', 'b'], agent_id: 'b' });
    expect(says(retaken, 'a', 'SENT')).toEqual({ result: 'updated', moves: ['SENT'] });
    expect(says(retaken, 'a', 'FAILED')).toMatchObject({ result: 'unchanged', note: expect.any(String) });
    expect(says(retaken, 'b', 'FAILED').result).toBe('updated');
    expect(says(message('ASSIGNED', { lease: lease('a', { expires_at: before }) }), 'a', 'FAILED').result).toBe(
      'updated',
    );
  });

  const outOfTime = (outcome?: Outcome): ReportedMessage =>
    message('FAILED', { last_error: 'UNCONFIRMED', sender: 'a', ...(outcome ? { delivery: { outcome } } : {}) });

  it('that comes after a message failed by time alone is recorded, the strongest word for good', () => {
    const table = ([undefined, 'sent', 'undelivered', 'delivered'] as const).map((known) =>
      (['SENT', 'FAILED', 'DELIVERED'] as const).map((status) => {
        const decision = says(outOfTime(known), 'a', status);
        return 'recorded' in decision ? `${decision.recorded}${decision.isNew ? '!' : ''}` : decision.result;
      }),
    );
    expect(table).toEqual([
      ['sent!', 'unchanged', 'delivered!'],
      ['sent', 'undelivered!', 'delivered!'],
      ['undelivered', 'undelivered', 'delivered!'],
      ['delivered', 'delivered', 'delivered'],
    ]);
    expect(says(outOfTime(), 'a', 'SENDING').result).toBe('conflict');
    expect(says(outOfTime(), 'z', 'SENT').result).toBe('unknown');
  });

  it('of FAILED after SENT is recorded as undelivered, from the one that sent it', () => {
    const sent = message('SENT', { holders: ['a', 'b'], sender: 'a' });
    expect(says(sent, 'a', 'FAILED')).toEqual({ result: 'unchanged', recorded: 'undelivered', isNew: true });
    expect(says(sent, 'b', 'FAILED').result).toBe('conflict');
    const known: ReportedMessage = { ...sent, delivery: { outcome: 'undelivered' } };
    expect(says(known, 'a', 'FAILED')).toMatchObject({ result: 'unchanged', isNew: false });
    expect(says(known, 'a', 'DELIVERED')).toEqual({ result: 'updated', moves: ['DELIVERED'] });
  });

  describe('of a phone that sends unasked', () => {
    const given = (extra: Partial<ReportedMessage> = {}) =>
      message('ASSIGNED', { lease: lease('a', { unasked: true }), ...extra });
    const tells = (m: ReportedMessage, status: MessageStatus, extra: Partial<Report> = {}) =>
      decideReport(m, { reporter: 'a', status, unasked: true, ...extra }, now);

    it('is believed in any order, also after its lease', () => {
      expect(tells(given(), 'DELIVERED')).toEqual({ result: 'updated', moves: ['SENT', 'DELIVERED'] });
      const late = given({ lease: lease('a', { unasked: true, expires_at: before }) });
      expect(tells(late, 'SENDING')).toEqual({ result: 'updated', moves: ['SENDING'] });
      const taken = given({ lease: lease('b', { unasked: true }), holders: ['a', 'b'] });
      expect(tells(taken, 'SENDING').result).toBe('conflict');
      expect(tells(taken, 'SENT')).toEqual({ result: 'updated', moves: ['SENT'] });
    });

    it('ends as CANCELED what was recalled, and nothing else', () => {
      const recalled = given({ recall: {} });
      expect(tells(recalled, 'CANCELED')).toEqual({ result: 'updated', moves: ['CANCELED'] });
      expect(tells(given(), 'CANCELED').result).toBe('conflict');
      expect(tells({ ...recalled, lease: lease('b', { unasked: true }) }, 'CANCELED').result).toBe('conflict');
      expect(tells(message('SENT', { recall: {} }), 'CANCELED').result).toBe('conflict');
      expect(tells(recalled, 'SENT')).toEqual({ result: 'updated', moves: ['SENT'] });
    });

    it('gives back what it certainly has not sent, as long as an attempt is left', () => {
      expect(tells(given(), 'FAILED', { not_sent: true })).toEqual({ result: 'returned' });
      const last = given({ lease: lease('a', { unasked: true, last: true }) });
      expect(tells(last, 'FAILED', { not_sent: true })).toEqual({ result: 'updated', moves: ['FAILED'] });
      expect(tells(message('SENDING'), 'FAILED', { not_sent: true })).toEqual({ result: 'updated', moves: ['FAILED'] });
      const ended = given({ lease: lease('a', { unasked: true, ended_at: before }) });
      expect(tells(ended, 'FAILED', { not_sent: true })).toMatchObject({ result: 'unchanged' });
    });
  });
});
