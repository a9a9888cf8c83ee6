import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { createHttpAdapter } from '../../src/common/http/http-adapter.js';
import { createLogger } from '../../src/common/http/logger.js';
import { ConfigError, loadConfig } from '../../src/config/load-config.js';
import { ADMIN, TestGateway } from '../support/gateway.js';

/** What a gateway behind this setting takes for its caller's address and its own. */
async function seen(TRUST_PROXY: string, peer: string, headers: Record<string, string>) {
  const config = loadConfig({ TRUST_PROXY, LOG_LEVEL: 'silent' });
  const fastify = createHttpAdapter(config, createLogger(config)).getInstance();
  fastify.get('/seen', ({ ip, protocol, host }: FastifyRequest) => ({ ip, protocol, host }));
  const answer = await fastify.inject({
    url: '/sms/seen',
    remoteAddress: peer,
    headers: { host: 'inside', ...headers },
  });
  await fastify.close();
  return answer.json() as { ip: string; protocol: string; host: string };
}

const PROXY = '10.0.0.9';
const STRANGER = '198.51.100.7';
const CLIENT = '203.0.113.5';
const SAID = { 'x-forwarded-for': CLIENT, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' };
const BELIEVED = { ip: CLIENT, protocol: 'https', host: 'api.example.com' };
const IGNORED = (ip: string) => ({ ip, protocol: 'http', host: 'inside' });

describe('TRUST_PROXY', () => {
  it.each(['', 'false', '0'])('"%s" believes nobody', async (value) => {
    expect(await seen(value, PROXY, SAID)).toEqual(IGNORED(PROXY));
  });

  it('with networks believes those, and no stranger', async () => {
    expect(await seen('10.0.0.0/8', PROXY, SAID)).toEqual(BELIEVED);
    expect(await seen('10.0.0.0/8', STRANGER, SAID)).toEqual(IGNORED(STRANGER));
  });

  it.each(['10.0.0.0/8', '1'])(
    '"%s" takes what the proxy saw for the client, whatever that one wrote before',
    async (value) => {
      const forged = { ...SAID, 'x-forwarded-for': `10.0.0.1, 192.0.2.66, ${CLIENT}` };
      expect(await seen(value, PROXY, forged)).toEqual(BELIEVED);
    },
  );

  it('with a number believes that many proxies', async () => {
    const twice = { ...SAID, 'x-forwarded-for': `192.0.2.66, ${CLIENT}, 10.0.0.8` };
    expect((await seen('2', PROXY, twice)).ip).toBe(CLIENT);
    expect((await seen('1', PROXY, twice)).ip).toBe('10.0.0.8');
  });

  it.each(['yes', '10.0.0.0/99', 'proxy.example.com'])('is refused at the start as "%s"', (value) => {
    expect(() => loadConfig({ TRUST_PROXY: value })).toThrow(ConfigError);
    expect(() => loadConfig({ TRUST_PROXY: value })).toThrow(/TRUST_PROXY must be/);
  });

  it.each(['false', '1'])('"%s": nobody guesses passwords under ever new addresses', async (value) => {
    const gateway = await TestGateway.start({ TRUST_PROXY: value });
    const guess = (i: number) =>
      gateway.api.post(
        '/auth/login',
        { username: ADMIN.username, password: `wrong-${i}` },
        // The last is what a proxy would add; the others are the guesser's own.
        { 'x-forwarded-for': `192.0.2.${i}, ${CLIENT}` },
      );
    for (let i = 0; i < 10; i++) expect((await guess(i)).status).toBe(401);
    expect((await guess(11)).status).toBe(429);
    await gateway.stop();
  });
});
