import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { COLLECTIONS } from '../../src/database/indexes.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const OPENING = /\.collection\b(?:<[^()]*>)?\(\s*(?:'(\w+)')?/g;

interface Opening {
  collection: string;
  room: string;
  file: string;
}

/** Every place where a folder of src/ opens a collection; `database/` may open any, for migrations and transfers. */
function openings(): Opening[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => ({ file, room: file.split('/')[0]! }))
    .filter(({ room }) => room !== 'database')
    .flatMap(({ file, room }) =>
      [...readFileSync(SRC + file, 'utf8').matchAll(OPENING)].map(([, name]) => ({
        collection: name ?? `something that ${file} does not name in place`,
        room,
        file,
      })),
    );
}

describe('collections', () => {
  const all = openings();

  it('are opened by one room each: the others call what it exports', () => {
    const shared = COLLECTIONS.flatMap(({ name }) => {
      const places = all.filter(({ collection }) => collection === name);
      const rooms = [...new Set(places.map(({ room }) => room))];
      return rooms.length === 1 ? [] : [`${name}: ${places.map(({ file }) => file).join(', ') || 'nobody'}`];
    });
    expect(shared).toEqual([]);
  });

  it('are declared with their indexes, and named where they are opened', () => {
    const names = [...new Set(all.map(({ collection }) => collection))];
    expect(names.sort()).toEqual(COLLECTIONS.map(({ name }) => name).sort());
  });
});
