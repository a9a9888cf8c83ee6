import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { VERSION } from '../../src/common/version.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { MIGRATIONS } from '../../src/database/migrations.js';

/**
 * The collections and indexes of each version. An older program drops indexes that it doesn't know, so it must refuse the data: when this
 * fails, add a step to MIGRATIONS (one that does nothing is enough for a new index) and the shape that it has here.
 */
const SHAPES: Readonly<Record<number, string>> = { 4: '12b404c34a1c' };

describe('the version of the data', () => {
  it('counts up with every change of the collections and indexes', () => {
    const shape = createHash('sha256').update(JSON.stringify(COLLECTIONS)).digest('hex').slice(0, 12);
    const { version } = MIGRATIONS.at(-1)!;
    expect({ version, shape }).toEqual({ version, shape: SHAPES[version] });
  });

  it('names the program by its version in package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(VERSION).toBe(version);
  });
});
