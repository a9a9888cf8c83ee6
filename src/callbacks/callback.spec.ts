import { describe, expect, it } from '@jest/globals';
import type { InboundText, Receipt } from '../carriers/carrier.js';
import { dedupeKey } from './callback.js';

const receipt: Receipt = {
  kind: 'receipt',
  ref: 'mdr2-1',
  attempt: 'msg_1.lea_1',
  state: 'sent',
  status: 'message buffered',
  level: 2,
  code: '1003',
};
const text: InboundText = {
  kind: 'inbound',
  ref: 'mdr2-1',
  channel: 'sms',
  from: '+1',
  to: '+2',
  text: 'x',
  received_at: null,
};

describe('what a provider repeats', () => {
  const key = (event: Receipt | InboundText, account = 'a') => dedupeKey('flowroute', account, event);
  const { level: _, ...withoutLevel } = receipt;

  it('is the same by its id, level, status and code', () => {
    expect(key({ ...receipt, attempt: null, state: 'none', reason: 'x' })).toBe(key(receipt));
    expect(key({ ...text, text: 'y', received_at: new Date(0) })).toBe(key(text));
  });

  it.each<[string, string]>([
    ['the level', key({ ...receipt, level: 1 })],
    ['a level', key(withoutLevel)],
    ['the status', key({ ...receipt, status: 'delivered' })],
    ['the code', key({ ...receipt, code: '1004' })],
    ['a code', key({ ...receipt, code: null })],
    ['the id', key({ ...receipt, ref: 'mdr2-2' })],
    ['an id', key({ ...receipt, ref: null })],
    ['the account', key(receipt, 'b')],
    ['the carrier', dedupeKey('twilio', 'a', receipt)],
    ['what it is', key(text)],
  ])('differs by %s', (__, other) => {
    expect(other).not.toBe(key(receipt));
  });

  it('differs by the attempt where there is no id', () => {
    const nameless = { ...receipt, ref: null };
    expect(key({ ...nameless, attempt: 'msg_2.lea_2' })).not.toBe(key(nameless));
  });
});
