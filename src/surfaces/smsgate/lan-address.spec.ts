import { describe, expect, it } from '@jest/globals';
import type { networkInterfaces } from 'node:os';
import { lanAddress } from './lan-address.js';

const address = (text: string, internal = false, family = 'IPv4') => ({ address: text, internal, family });
const MACHINE = {
  lo: [address('127.0.0.1', true)],
  docker0: [address('172.17.0.1')],
  wlan0: [address('fe80::1', false, 'IPv6'), address('192.168.1.10')],
} as unknown as ReturnType<typeof networkInterfaces>;

describe('the address of this machine in its network', () => {
  it.each([
    ['0.0.0.0', '192.168.1.10'],
    ['127.0.0.1', '192.168.1.10'],
    ['10.0.0.7', '10.0.0.7'],
    ['fd00::7', '[fd00::7]'],
  ])('of a gateway that listens on %s is %s', (host, expected) => expect(lanAddress(host, MACHINE)).toBe(expected));

  it('is its own without a network', () => expect(lanAddress('0.0.0.0', { lo: MACHINE['lo'] })).toBe('127.0.0.1'));
});
