import { describe, expect, it } from '@jest/globals';
import type { Candidate } from './candidate.js';
import { inTurns } from './tenant-turns.js';

const message = (tenant: string, place: number, weight = 1) =>
  ({
    _id: `${tenant}${place}`,
    tenant_id: tenant,
    priority_weight: weight,
    created_at: new Date(place),
    sequence: 0,
  }) as unknown as Candidate;
const ids = (messages: readonly Candidate[]) => messages.map(({ _id }) => _id);

describe('messages of several tenants', () => {
  const many = [message('a', 1), message('a', 2), message('a', 3), message('a', 4), message('b', 5), message('c', 6)];

  it('are taken one of each tenant, then the next of each', () => {
    expect(ids(inTurns(many, 0))).toEqual(['a1', 'b5', 'c6', 'a2', 'a3', 'a4']);
  });

  it('begin with another tenant at each turn', () => {
    expect([0, 1, 2, 3].map((turn) => ids(inTurns(many, turn))[0])).toEqual(['a1', 'b5', 'c6', 'a1']);
  });

  it('are in order of priority and time within a tenant', () => {
    const mixed = [message('a', 2), message('a', 1), message('b', 1), message('a', 9, 0)];
    expect(ids(inTurns(mixed, 0))).toEqual(['a9', 'b1', 'a1', 'a2']);
  });
});

it('leaves the messages of one tenant in their order, whatever the turn', () => {
  const own = [message('a', 3), message('a', 1, 2), message('a', 2)];
  expect(ids(inTurns(own, 7))).toEqual(['a2', 'a3', 'a1']);
});
