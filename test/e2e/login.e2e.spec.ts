import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { addPerson, must, PASSWORD } from '../support/people.js';

describe('logging in', () => {
  let gateway: TestGateway;
  let admin: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());

  it('gives a token that works, and says whose it is', async () => {
    const answer = await gateway.api.post('/auth/login', ADMIN);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 240 * 60,
      user: {
        id: expect.stringMatching(/^usr_/),
        username: ADMIN.username,
        role: 'platform_admin',
        tenant: 'default',
        is_active: true,
        email: null,
        phone: null,
        created_at: '2126-11-21T10:00:00.000Z',
        updated_at: '2126-11-21T10:00:00.000Z',
      },
    });
    const me = await gateway.api.withToken(answer.body.access_token).get('/auth/me');
    expect(me).toMatchObject({ status: 200, body: answer.body.user });
  });

  it('takes the name in any case', async () => {
    expect((await gateway.api.post('/auth/login', { ...ADMIN, username: ' ADMIN ' })).status).toBe(200);
  });

  it('answers a wrong password, an unknown name and a disabled user alike', async () => {
    const disabled = await addPerson(gateway, admin, 'viewer');
    await admin.patch(`/admin/users/${disabled.id}`, { is_active: false });
    const answers = [
      await gateway.api.post('/auth/login', { username: ADMIN.username, password: 'something-else' }),
      await gateway.api.post('/auth/login', { username: 'nobody', password: ADMIN.password }),
      await gateway.api.post('/auth/login', { username: disabled.username, password: PASSWORD }),
    ];
    for (const answer of answers) {
      expectError(answer, 401, 'unauthenticated');
      expect({ ...answer.body, request_id: '' }).toEqual({ ...answers[0]!.body, request_id: '' });
    }
  });

  it('asks for credentials', async () => {
    const answer = await gateway.api.get('/auth/me');
    expectError(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('takes name and password with every call (Basic)', async () => {
    const person = await addPerson(gateway, admin, 'viewer');
    const basic = gateway.api.withBasic(person.username, PASSWORD);
    expect((await basic.get('/auth/me')).body).toMatchObject({ id: person.id, role: 'viewer' });
    expect((await basic.get('/auth/me')).status).toBe(200);
    expectError(await gateway.api.withBasic(person.username, `${PASSWORD}!`).get('/auth/me'), 401, 'unauthenticated');
    expectError(await gateway.api.withBasic('nobody', PASSWORD).get('/auth/me'), 401, 'unauthenticated');
  });

  it('ends every token of a user whose password changes, and gives the one who changed it a new one', async () => {
    const person = await addPerson(gateway, admin, 'member');
    const elsewhere = await gateway.login(person.username, PASSWORD);
    const basic = gateway.api.withBasic(person.username, PASSWORD);
    expect((await basic.get('/auth/me')).status).toBe(200);

    const changed = await person.api.post('/auth/password', {
      current_password: PASSWORD,
      new_password: 'a-brand-new-password',
    });
    expect(changed.status).toBe(200);
    for (const old of [person.api, elsewhere, basic]) expectError(await old.get('/auth/me'), 401, 'unauthenticated');
    expect((await gateway.api.withToken(changed.body.access_token).get('/auth/me')).status).toBe(200);
    expect((await gateway.login(person.username, 'a-brand-new-password')).url).toBe(gateway.url);
  });

  it('changes a password only for who knows the present one', async () => {
    const person = await addPerson(gateway, admin, 'member');
    const answer = await person.api.post('/auth/password', {
      current_password: 'not-the-password',
      new_password: 'a-brand-new-password',
    });
    expectError(answer, 400, 'invalid_request', 'current_password');
    expect((await person.api.get('/auth/me')).status).toBe(200);
    expect((await gateway.login(person.username, PASSWORD)).url).toBe(gateway.url);
  });

  it.each([
    ['disabled', (admin: Api, id: string) => admin.patch(`/admin/users/${id}`, { is_active: false })],
    [
      'given another password',
      (admin: Api, id: string) => admin.patch(`/admin/users/${id}`, { password: 'chosen-by-admin' }),
    ],
    ['deleted', (admin: Api, id: string) => admin.delete(`/admin/users/${id}`)],
  ])('ends the tokens of a user who is %s', async (_, change) => {
    const person = await addPerson(gateway, admin, 'viewer');
    const basic = gateway.api.withBasic(person.username, PASSWORD);
    expect((await basic.get('/auth/me')).status).toBe(200);
    expect((await change(admin, person.id)).status).toBeLessThan(300);
    expectError(await person.api.get('/auth/me'), 401, 'unauthenticated');
    expectError(await basic.get('/auth/me'), 401, 'unauthenticated');
  });

  it('doesn’t bring the old tokens back when the user is enabled again', async () => {
    const person = await addPerson(gateway, admin, 'viewer');
    await admin.patch(`/admin/users/${person.id}`, { is_active: false });
    must(200, await admin.patch(`/admin/users/${person.id}`, { is_active: true }));
    expectError(await person.api.get('/auth/me'), 401, 'unauthenticated');
    expect((await gateway.login(person.username, PASSWORD)).url).toBe(gateway.url);
  });
});
