import { describe, expect, it } from '@jest/globals';
import { cameToNothing, lifeEnd, reasonOfTime, sendingEnd } from './expiry.js';
import type { MessageStatus } from './message-status.js';

describe('lifeEnd', () => {
  const accepted = new Date('2026-11-21T10:00:00Z');

  it('counts from the schedule, and from the acceptance when the schedule is past or missing', () => {
    const end = (schedule: Date | null) => lifeEnd(accepted, schedule, 3600).toISOString();
    expect(end(new Date('2026-11-22T10:00:00Z'))).toBe('2026-11-22T11:00:00.000Z');
    expect(end(new Date('2026-11-20T10:00:00Z'))).toBe('2026-11-21T11:00:00.000Z');
    expect(end(null)).toBe('2026-11-21T11:00:00.000Z');
  });
});

describe('sendingEnd', () => {
  it('is ten minutes away at least, and the life’s end where that is later', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    expect(sendingEnd(after(2), now)).toEqual(after(600));
    expect(sendingEnd(after(-2), now)).toEqual(after(600));
    expect(sendingEnd(after(601), now)).toEqual(after(601));
  });
});

describe('a message that failed by time alone', () => {
  it('is unconfirmed once its sending has begun, and came to nothing otherwise', () => {
    expect([reasonOfTime('PENDING'), reasonOfTime('ASSIGNED')]).toEqual(['EXPIRED', 'EXPIRED']);
    expect(reasonOfTime('SENDING')).toBe('UNCONFIRMED');
    const nothing = (status: MessageStatus, last_error: string | null) => cameToNothing({ status, last_error });
    expect(nothing('FAILED', 'UNCONFIRMED')).toBe(false);
    expect(nothing('FAILED', 'EXPIRED')).toBe(true);
    expect(nothing('CANCELED', null)).toBe(true);
    for (const status of ['PENDING', 'ASSIGNED', 'SENDING', 'SENT', 'DELIVERED'] as const)
      expect(nothing(status, null)).toBe(false);
  });
});
