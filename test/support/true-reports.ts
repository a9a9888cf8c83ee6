import { expect } from '@jest/globals';
import { Rebuild, type Difference } from '../../src/reports/rebuild.js';
import type { TestGateway } from './gateway.js';

/** Checks that every bucket matches its messages. */
export async function expectTrueReports(gateway: TestGateway): Promise<void> {
  const differences: Difference[] = [];
  const rebuilt = await gateway.get(Rebuild).rebuild({ check: true }, (difference) => differences.push(difference));
  expect(differences).toEqual([]);
  expect(rebuilt.messages).toBeGreaterThan(0);
}
