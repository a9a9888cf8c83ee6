import { BlockList, isIP } from 'node:net';

/** Addresses and networks (CIDR) of a comma-separated list. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function isNetwork(text: string): boolean {
  const [address, bits, ...more] = text.split('/');
  const version = isIP(address!);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Whether an address is in one of the networks. `::ffff:1.2.3.4`, as a dual-stack socket reports it, counts as the IPv4 address. */
export function addressesIn(list: string): (address: string) => boolean {
  const networks = new BlockList();
  for (const part of splitList(list)) {
    const [address, bits] = part.split('/');
    const family = isIP(address!) === 4 ? 'ipv4' : 'ipv6';
    networks.addSubnet(address!, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return (given) => {
    const address = given.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Networks that Fastify knows by name. */
const NAMED = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * The form that Fastify accepts. A number is made a function: given a plain number, Fastify trusts nobody, since it can't know that every
 * call comes through the proxies. The operator who sets the number knows.
 */
export type TrustProxy = boolean | string[] | ((address: string, hop: number) => boolean);

/** Parses TRUST_PROXY; null when it has none of the four forms. */
export function readTrustProxy(text: string): TrustProxy | null {
  const word = text.trim().toLowerCase();
  if (word === '' || word === '0' || word === 'false') return false;
  if (word === 'true') return true;
  if (/^\d{1,2}$/.test(word)) return (_address, hop) => hop < Number(word);
  const parts = splitList(text);
  return parts.length > 0 && parts.every((part) => NAMED.includes(part) || isNetwork(part)) ? parts : null;
}
