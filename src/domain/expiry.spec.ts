import { describe, expect, it } from '@jest/globals';
import { lifeEnd } from './expiry.js';

describe('lifeEnd', () => {
  const accepted = new Date('2026-11-21T10:00:00Z');

  it('counts from the schedule, and from the acceptance when the schedule is past or missing', () => {
    const end = (schedule: Date | null) => lifeEnd(accepted, schedule, 3600).toISOString();
    expect(end(new Date('2026-11-22T10:00:00Z'))).toBe('2026-11-22T11:00:00.000Z');
    expect(end(new Date('2026-11-20T10:00:00Z'))).toBe('2026-11-21T11:00:00.000Z');
    expect(end(null)).toBe('2026-11-21T11:00:00.000Z');
  });
});
