import { lookup as look, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Its owner's cloud answers there with secrets of the machine, although the range is a public one. */
const ALSO_PRIVATE = ['168.63.129.16'];

/** Whether an IP address is one that anybody on the Internet may have, and so none of this machine, its network or its cloud. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  return read.range() === 'unicast' && !ALSO_PRIVATE.includes(read.toString());
}

/** The address in a URL's host; null: it is a name. */
export function addressIn(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : null;
}

/**
 * Looks a name up and fails with `EPRIVATE` where any of its addresses isn't public. The connection goes to what was looked up here, so a
 * name whose address changes between the check and the call gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  look(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [] as LookupAddress[]);
    if (!addresses.every(({ address }) => isPublic(address))) return callback(privateAddress(), [] as LookupAddress[]);
    if (options.all) return callback(null, addresses);
    const [{ address, family }] = addresses as [LookupAddress];
    callback(null, address, family);
  });
};

function privateAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('The name has an address that is not public'), { code: 'EPRIVATE' });
}
