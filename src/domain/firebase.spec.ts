import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { readServiceAccount, readWebConfig } from './firebase.js';

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const given = { client_email: 'push@shop.iam.gserviceaccount.com', private_key: privateKey, type: 'service_account' };
const account = { email: given.client_email, privateKey };

it('reads a service account as JSON and as base64', () => {
  const json = JSON.stringify(given);
  expect(readServiceAccount(json)).toEqual(account);
  expect(readServiceAccount(` ${json}\n`)).toEqual(account);
  expect(readServiceAccount(Buffer.from(json).toString('base64'))).toEqual(account);
});

it.each(['', '{}', 'null', 'W10=', '{"client_email":"a@b.c"}', JSON.stringify({ ...given, private_key: 'a key' })])(
  'reads no service account in %j',
  (text) => {
    expect(readServiceAccount(text)).toBeNull();
  },
);

it('reads a web configuration that has what a browser needs', () => {
  const config = { apiKey: 'AIza', projectId: 'shop', messagingSenderId: '123', appId: '1:123:web:abc' };
  expect(readWebConfig(JSON.stringify({ ...config, vapidKey: 'BLx', measurementId: null }))).toEqual({
    ...config,
    vapidKey: 'BLx',
  });
  for (const name of Object.keys(config))
    expect(readWebConfig(JSON.stringify({ ...config, [name]: undefined }))).toBeNull();
  for (const text of ['', '[]', 'null', '"x"', '{apiKey: 1}']) expect(readWebConfig(text)).toBeNull();
});
