import { describe, expect, it } from '@jest/globals';
import { addressesIn, isNetwork, readTrustProxy } from './networks.js';

describe('networks', () => {
  it.each(['10.0.0.0/8', '127.0.0.1', '0.0.0.0/0', '::1', 'fd00::/8', '::/0'])('takes %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });
  it.each(['', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/', '::/129', 'localhost', '10.0.0.0/-1'])(
    'refuses "%s"',
    (text) => expect(isNetwork(text)).toBe(false),
  );

  it('finds an address in a list, also an IPv4 one in the clothes of IPv6', () => {
    const isIn = addressesIn('10.1.0.0/16, 192.0.2.7,2001:db8::/32');
    expect(['10.1.255.255', '192.0.2.7', '2001:db8::1', '::ffff:10.1.2.3'].map(isIn)).toEqual([true, true, true, true]);
    expect(['10.2.0.0', '192.0.2.8', '2001:db9::1', '::ffff:10.2.2.3', '', 'x'].some(isIn)).toBe(false);
    expect(addressesIn('')('127.0.0.1')).toBe(false);
  });
});

describe('TRUST_PROXY', () => {
  it('is nobody, everybody, a number or a list', () => {
    expect(['', '0', 'false', 'FALSE'].map(readTrustProxy)).toEqual([false, false, false, false]);
    expect(readTrustProxy('true')).toBe(true);
    expect(readTrustProxy('10.0.0.0/8, loopback')).toEqual(['10.0.0.0/8', 'loopback']);
    expect(['yes', '-1', '1.5', '10.0.0.0/99', 'proxy.example.com', ','].map(readTrustProxy)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
    const two = readTrustProxy('2') as (address: string, hop: number) => boolean;
    expect([0, 1, 2].map((hop) => two('192.0.2.1', hop))).toEqual([true, true, false]);
  });
});
