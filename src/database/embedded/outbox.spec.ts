import { describe, expect, it } from '@jest/globals';
import { laneOf, Outbox, SHORT } from './outbox.js';
import type { Request } from './protocol.js';

const request = (id: number): Request => ({ id, kind: 'find', collection: 'c', args: '{}' });
const long = (tenant: string) => laneOf(500, { tenant_id: tenant });
const idsOf = (lists: readonly (readonly Request[])[]) => lists.map((list) => list.map(({ id }) => id));

describe('what waits for the worker', () => {
  it('goes together when it is short, with one long read behind it, in turns between tenants', () => {
    const outbox = new Outbox();
    for (const [id, lane] of [
      [1, long('a')],
      [2, long('a')],
      [3, SHORT],
      [4, long('b')],
      [5, SHORT],
      [6, long('a')],
    ] as const)
      outbox.add(request(id), lane);
    expect(idsOf(outbox.take())).toEqual([[3, 5], [1]]);
    outbox.add(request(7), SHORT);
    expect(idsOf(outbox.take())).toEqual([[7], [4]]);
    expect(idsOf(outbox.take())).toEqual([[2]]);
    expect(outbox.isEmpty).toBe(false);
    expect(idsOf(outbox.take())).toEqual([[6]]);
    expect(outbox.isEmpty).toBe(true);
    expect(outbox.take()).toEqual([]);
  });

  it('is long by the rows it reads', () => {
    expect([laneOf(1, {}), laneOf(200, { tenant_id: 'a' })]).toEqual([SHORT, SHORT]);
    expect([laneOf(201, { tenant_id: 'a' }), laneOf(Infinity, {})]).toEqual([{ turn: 'a' }, { turn: '' }]);
  });

  it('goes all at once at the end, what closes last', () => {
    const outbox = new Outbox();
    outbox.add(request(1), long('a'));
    outbox.add(request(2), long('b'));
    outbox.add(request(3), SHORT);
    expect(outbox.takeAll().map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(outbox.isEmpty).toBe(true);
  });
});
