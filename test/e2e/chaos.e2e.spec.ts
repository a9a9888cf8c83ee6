import { describe, expect, it } from '@jest/globals';
import { parseFault } from '../../src/database/faulty-store.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { runChaos } from '../chaos/chaos.js';
import { CARRIER_FAULT_POINTS, FAULT_POINTS, IMPORT_FAULT_POINTS } from '../chaos/fault-points.js';
import { runMaskedChaos } from '../chaos/masked/chaos.js';
import { MASKED_FAULT_POINTS } from '../chaos/masked/fault-points.js';
import { runNotificationChaos } from '../chaos/notifications/chaos.js';
import { NOTIFICATION_FAULT_POINTS } from '../chaos/notifications/fault-points.js';
import { runSmsgateChaos } from '../chaos/smsgate/chaos.js';
import { SMSGATE_FAULT_POINTS } from '../chaos/smsgate/fault-points.js';

describe('a gateway that is killed under load', () => {
  it('keeps every promise', async () => {
    const lines: string[] = [];
    const result = await runChaos({
      store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
      seed: 7,
      kills: 2,
      points: [{ name: 'inside:sms_messages.insertMany' }],
      life: [200, 600],
      log: (line) => lines.push(line),
    });
    expect({ wrong: result.wrong, lines: result.wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
    expect(result.deaths).toBeGreaterThanOrEqual(3);
    expect(result.acknowledgedRequests).toBeGreaterThan(0);
    expect(result.leases).toBeGreaterThan(0);
  });

  it('tells everybody in a masked conversation once, and loses no number', async () => {
    const lines: string[] = [];
    const { wrong, reached, opened } = await runMaskedChaos({
      store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
      seed: 7,
      kills: 1,
      points: MASKED_FAULT_POINTS.filter(({ name, after }) => !after && name.startsWith('after:sms_messages')).slice(
        0,
        1,
      ),
      life: [500, 1000],
      log: (line) => lines.push(line),
    });
    expect({ wrong, lines: wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
    expect(reached).toHaveLength(1);
    expect(opened).toBeGreaterThan(0);
  }, 180_000);

  it('tells everybody in a notification once, and knows what became of each', async () => {
    const lines: string[] = [];
    const { wrong, reached, told, handed } = await runNotificationChaos({
      store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
      seed: 7,
      kills: 0,
      points: NOTIFICATION_FAULT_POINTS.filter(({ name, after }) => !after && name.startsWith('inside:sms_messages')),
      life: [500, 1000],
      log: (line) => lines.push(line),
    });
    expect({ wrong, lines: wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
    expect(reached).toHaveLength(1);
    expect([told > 0, handed > 0]).toEqual([true, true]);
  }, 300_000);

  it('lets phones with the SMSGate app send each text once, and knows what became of it', async () => {
    const lines: string[] = [];
    const { wrong, reached, accepted, sent } = await runSmsgateChaos({
      store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
      seed: 7,
      kills: 0,
      points: SMSGATE_FAULT_POINTS.filter(({ name, after }) => !after && name.startsWith('inside:sms_messages')),
      life: [500, 1000],
      log: (line) => lines.push(line),
    });
    expect({ wrong, lines: wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
    expect(reached).toHaveLength(1);
    expect([accepted > 0, sent > 0]).toEqual([true, true]);
  }, 180_000);

  it('is told to die at writes of collections that there are', () => {
    const collections = COLLECTIONS.map(({ name }) => name);
    for (const name of [
      ...[...FAULT_POINTS, ...MASKED_FAULT_POINTS, ...NOTIFICATION_FAULT_POINTS, ...SMSGATE_FAULT_POINTS].flatMap(
        (point) => [point.name, point.after ?? point.name],
      ),
      ...IMPORT_FAULT_POINTS,
      ...CARRIER_FAULT_POINTS,
    ]) {
      expect(() => parseFault(name)).not.toThrow();
      expect(collections).toContain(parseFault(name).collection);
    }
  });
});
