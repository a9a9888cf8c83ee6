import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runChaos } from '../chaos/chaos.js';
import { FAULT_POINTS, IMPORT_FAULT_POINTS } from '../chaos/fault-points.js';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

describe('a gateway that is killed under load', () => {
  it('keeps every promise', async () => {
    const lines: string[] = [];
    const result = await runChaos({
      store: process.env['E2E_STORE'] === 'mongo' ? 'mongo' : 'embedded',
      seed: 7,
      kills: 2,
      points: FAULT_POINTS.filter(({ name }) => name === 'inside:expand'),
      life: [200, 600],
      log: (line) => lines.push(line),
    });
    expect({ wrong: result.wrong, lines: result.wrong.length > 0 ? lines : [] }).toEqual({ wrong: [], lines: [] });
    expect(result.deaths).toBeGreaterThanOrEqual(3);
    expect(result.acknowledgedRequests).toBeGreaterThan(0);
    expect(result.leases).toBeGreaterThan(0);
  });

  it('can be told to die at every point that has a name', () => {
    const named = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...readFileSync(join(SOURCES, path), 'utf8').matchAll(/faults\.at\('([^']+)'\)/g)])
      .map((match) => match[1]!);
    const listed = [...FAULT_POINTS.map(({ name }) => name), ...IMPORT_FAULT_POINTS];
    expect(listed.sort()).toEqual([...new Set(named)].sort());
  });
});
