import { expect, test } from '@jest/globals';
import { expiryOf, Hand } from './hand.js';

function handOf(...jobs: [id: string, priority: string, expiresAt?: number][]): Hand {
  const hand = new Hand();
  for (const [message_id, priority, expiresAt = Infinity] of jobs) {
    hand.add({ message_id, priority, expiresAt, to: '+12025550123', text: 'x' });
  }
  return hand;
}

const ids = (jobs: { message_id: string }[]) => jobs.map(({ message_id }) => message_id);

test('HIGH before NORMAL before LOW, otherwise in the order of coming; an unknown priority is NORMAL', () => {
  const hand = handOf(['n1', 'NORMAL'], ['l1', 'LOW'], ['h1', 'HIGH'], ['x1', 'URGENT'], ['h2', 'HIGH']);
  expect(ids(hand.take(10))).toEqual(['h1', 'h2', 'n1', 'x1', 'l1']);
});

test('a message that comes again is held once, with the newer lease', () => {
  const hand = handOf(['m', 'NORMAL', 5], ['m', 'NORMAL', 10]);
  expect(hand.size).toBe(1);
  expect(hand.dropExpired(6)).toEqual([]);
  expect(ids(hand.dropExpired(10))).toEqual(['m']);
  expect(hand.size).toBe(0);
});

test('the end of a lease is the earlier of what the server names and what our clock counts', () => {
  const job = { message_id: 'm', to: '', text: '', lease_expires_at: new Date(90_000).toISOString() };
  expect(expiryOf(job, 60, 0)).toBe(60_000);
  expect(expiryOf(job, 120, 0)).toBe(90_000);
  expect(expiryOf({ ...job, lease_expires_at: null }, 60, 5)).toBe(60_005);
  expect(expiryOf({ ...job, lease_expires_at: null }, 0, 5)).toBe(Infinity);
});
