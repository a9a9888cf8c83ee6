import type { Sim } from './protocol-types.js';

/** Area codes with which 555-xxxx is a valid number. */
const AREAS = ['202', '212', '303', '312', '415', '503', '617', '702', '804', '919'];

/** The SIM cards of one phone. Numbers repeat after 100,000 cards. */
export function simsOf(phone: number, count: number): Sim[] {
  return Array.from({ length: count }, (_, slot) => {
    const card = phone * count + slot;
    const area = AREAS[Math.floor(card / 10_000) % AREAS.length];
    return { slot, number: `+1${area}555${String(card % 10_000).padStart(4, '0')}`, carrier: 'Simulated' };
  });
}
