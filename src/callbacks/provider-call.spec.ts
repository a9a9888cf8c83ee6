import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config/load-config.js';
import { providerCall } from './provider-call.js';

const PATH = '/carriers/twilio/inbound?a=%2B1&b';

function urlOf(PUBLIC_URL: string, originalUrl: string): string {
  const request = { originalUrl, protocol: 'https', host: 'seen.example.com:8443', headers: {}, method: 'POST' };
  return providerCall('inbound', request as unknown as FastifyRequest, loadConfig({ PUBLIC_URL })).url;
}

describe('the URL that a provider called', () => {
  it.each([
    ['is PUBLIC_URL and the path as it came', 'https://sms.example.com', PATH, `https://sms.example.com${PATH}`],
    ['whether or not PUBLIC_URL ends with a slash', 'https://sms.example.com/', PATH, `https://sms.example.com${PATH}`],
    ['with BASE_PATH', 'https://sms.example.com', `/sms${PATH}`, `https://sms.example.com/sms${PATH}`],
    ['with a prefix that a proxy strips', 'https://example.com/gw/', PATH, `https://example.com/gw${PATH}`],
    [
      'with a prefix that a proxy passes on',
      'https://example.com/sms',
      `/sms${PATH}`,
      `https://example.com/sms${PATH}`,
    ],
    ['with a prefix that only begins alike', 'https://example.com/car', PATH, `https://example.com/car${PATH}`],
    ['is what the request says of itself without PUBLIC_URL', '', PATH, `https://seen.example.com:8443${PATH}`],
  ])('%s', (_, publicUrl, originalUrl, url) => {
    expect(urlOf(publicUrl, originalUrl)).toBe(url);
  });
});
