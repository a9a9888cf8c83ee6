import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

const ANOTHER_KEY = 'An administrator makes another: POST /admin/api-keys.';
const KEYS = 'An administrator makes keys: POST /admin/api-keys.';
const TOKENS = 'A user’s token comes from POST /auth/login, a phone’s from POST /agent/register.';
const IS_KEY = 'This is an API key: send it as X-API-Key.';
const KEY_ID = 'This is the id of an API key. Send its secret, which begins with tlk_, as X-API-Key.';

describe('wrong credentials', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let jwt: string;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
    jwt = must(200, await gateway.api.post('/auth/login', ADMIN)).access_token;
  });
  afterAll(() => gateway.stop());

  /** What a call with these headers is told; it is a 401 and shows no secret. */
  async function told(headers: Record<string, string>, path = '/requests'): Promise<string> {
    const answer = await gateway.api.get(path, { headers });
    expectError(answer, 401, 'unauthenticated');
    const { message } = answer.body;
    for (const secret of [jwt, shop.client.credentials['x-api-key']!]) expect(message).not.toContain(secret);
    return message;
  }
  const bearer = (token: string) => told({ authorization: `Bearer ${token}` });
  const basic = (text: string) => told({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it('are asked for where there are none, with where they come from', async () => {
    const message = await told({});
    for (const place of ['POST /auth/login', 'POST /agent/register', 'X-API-Key (from POST /admin/api-keys)'])
      expect(message).toContain(place);
  });

  it('in X-API-Key are named', async () => {
    const key = shop.client.credentials['x-api-key']!;
    const phone = shop.phone.api.credentials['authorization']!.slice('Bearer '.length);
    for (const [sent, message] of [
      ['', `The header X-API-Key is empty. ${KEYS}`],
      ['undefined', `X-API-Key says "undefined": the variable of your program has no value. ${KEYS}`],
      ['${API_KEY}', `X-API-Key says "\${API_KEY}": the variable of your program has no value. ${KEYS}`],
      [`${key}, ${key}`, 'X-API-Key has two values. Send one key.'],
      [`Bearer ${key}`, 'Send the API key alone in X-API-Key, without a word before it.'],
      ['key_01jd2m0q8nfgt1vwzzk4x6s5ah', KEY_ID],
      [phone, 'This is a phone’s token. Send it as Authorization: Bearer.'],
      [jwt, 'This is a user’s token. Send it as Authorization: Bearer.'],
      ['tlk_nobody', `The API key (X-API-Key) is unknown. ${ANOTHER_KEY}`],
      ['secret', `The API key (X-API-Key) is unknown. ${ANOTHER_KEY}`],
    ] as const)
      expect(await told({ 'x-api-key': sent })).toBe(message);
    const disabled = await createKey(shop.admin, ['sms:read']);
    must(200, await shop.admin.post(`/admin/api-keys/${disabled.id}/disable`));
    expect(await told({ 'x-api-key': disabled.plain_key })).toBe(`The API key is disabled. ${ANOTHER_KEY}`);
  });

  it('in Authorization are named', async () => {
    const key = shop.client.credentials['x-api-key']!;
    expect(await bearer(key)).toBe(IS_KEY);
    expect(await bearer('key_01jd2m0q8nfgt1vwzzk4x6s5ah')).toBe(KEY_ID);
    for (const authorization of [key, `ApiKey ${key}`, `Token ${key}`])
      expect(await told({ authorization })).toBe(IS_KEY);
    expect(await bearer('')).toBe(`Authorization: Bearer has no token behind it. ${TOKENS}`);
    expect(await bearer('null')).toBe(
      `Authorization says Bearer "null": the variable of your program has no value. ${TOKENS}`,
    );
    expect(await bearer(`Bearer ${jwt}`)).toBe('Write Bearer once: Authorization: Bearer <token>.');
    expect(await told({ authorization: jwt })).toBe(
      `Write Bearer before the token: Authorization: Bearer <token>. ${TOKENS}`,
    );
    expect(await told({ authorization: `Token ${jwt}` })).toMatch(/^Authorization begins with Bearer, for a token/);
    expect(await told({ authorization: '' })).toBe(`The header Authorization is empty. ${TOKENS}`);
    expect(await bearer('nobody')).toMatch(/^The token is neither a user’s .* An API key is sent as X-API-Key\.$/);
    expect(await bearer('tla_nobody')).toMatch(/Register again \(POST \/agent\/register\)/);
    for (const token of [`${jwt}x`, 'a.b.c', '..'])
      expect(await bearer(token)).toBe('The user’s token is not valid. Log in again (POST /auth/login).');
    for (const text of ['', ':', 'admin'])
      expect(await basic(text)).toMatch(/^Authorization: Basic needs a name and a password/);
    expect(await basic('admin:')).toBe('Authorization: Basic has an empty password.');
    for (const name of ['admin', 'nobody'])
      expect(await basic(`${name}:wrong-password`)).toBe(
        'The user name or the password is wrong. An administrator can set another (PATCH /admin/users/{id}).',
      );
  });

  it('of the right kind on the wrong route are a 403 that says what the route takes', async () => {
    const refused = async (api: typeof gateway.api, path: string) => {
      const answer = await api.get(path);
      expectError(answer, 403, 'forbidden');
      return answer.body.message;
    };
    expect(await refused(shop.phone.api, '/admin/users')).toBe(
      'A phone may not call this route. It takes a user’s token with the role admin (POST /auth/login).',
    );
    expect(await refused(shop.admin, '/agent/jobs/next')).toBe(
      'A user may not call this route. It takes a phone’s token (POST /agent/register).',
    );
    expect(await refused(shop.client, '/agent/jobs/next')).toMatch(/^A client application may not/);
  });

  it('of a phone that registers are told of like a missing secret', async () => {
    must(200, await shop.admin.put('/admin/agent/registration-secret', { registration_secret: 'a-shared-secret' }));
    for (const registration_secret of ['', 'wrong-secret', undefined]) {
      const answer = await gateway.api.post('/agent/register', { device_id: 'x', registration_secret });
      expectError(answer, 403, 'forbidden');
      expect(answer.body.message).toContain('GET /admin/agent/registration-secret');
    }
  });
});
