import { expect, it } from '@jest/globals';
import { runSoak } from '../chaos/soak.js';

it('a provider that errs and a gateway that is killed: every text ends right, or says why nobody knows', async () => {
  const lines: string[] = [];
  const { wrong, deaths, ends, taken } = await runSoak({
    store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
    seed: 3,
    messages: 80,
    kills: 2,
    points: ['before:sms_messages.updateEach(status=SENDING)'],
    life: [300, 900],
    // Longer than the pause after a third or fourth refusal.
    quietMillis: 15_000,
    log: (line) => lines.push(line),
  });
  expect({ wrong, lines: wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
  expect(deaths).toBe(2);
  expect(taken).toBeGreaterThan(40);
  expect(ends['DELIVERED']).toBeGreaterThan(20);
});
