import { normalizeIp } from '@nestjs/throttler';

/** `192.0.2.1:4711` or `[2001:db8::1]:4711`: some proxies write the port into X-Forwarded-For. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/** The key of a caller without credentials: the address without its port; for IPv6 the /64, which is one household or one server. */
export function countedAddress(ip: string): string {
  const [, version6, version4] = WITH_PORT.exec(ip) ?? [];
  return normalizeIp(version6 ?? version4 ?? ip);
}
