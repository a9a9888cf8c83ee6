import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UserRemoval } from '../../src/users/user-removal.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must, PASSWORD, type Person } from '../support/people.js';

/** Whoever has an account is a person as well, who is told things. */
describe('a user who is deleted', () => {
  let gateway: TestGateway;
  let admin: Api;
  let an: Person;
  let person: string;
  let device: string;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
    must(201, await admin.post('/topics', { name: 'news' }));
  });
  beforeEach(async () => {
    an = await addPerson(gateway, admin, 'member');
    person = must(200, await an.api.patch('/me/person', { email: 'an@example.com' })).id;
    device = must(200, await an.api.post('/me/devices', { token: `device:of:${an.username}` })).id;
    must(200, await admin.put(`/topics/news/subscribers/${person}`));
  });
  afterAll(() => gateway.stop());

  const isThere = async () => {
    expect(must(200, await admin.get(`/people/${person}`)).user_id).toBe(an.id);
    expect((await admin.get(`/topics/news/subscribers/${person}`)).status).toBe(200);
    expect(must(200, await admin.get(`/push-tokens?person_id=${person}`)).items).toHaveLength(1);
  };
  const isGone = async () => {
    expectError(await admin.get(`/people/${person}`), 404, 'person_not_found');
    expect((await admin.get(`/topics/news/subscribers/${person}`)).status).toBe(404);
    const { items } = must(200, await admin.get('/push-tokens?limit=500'));
    expect(items).toContainEqual(expect.objectContaining({ token_id: device, person_id: null }));
  };

  it('is forgotten as a person, with what features keep of them; others stay', async () => {
    const other = await addPerson(gateway, admin, 'member');
    const { id } = must(200, await other.api.get('/me/person'));
    must(204, await admin.delete(`/admin/users/${an.id}`));
    await isGone();
    expectError(await an.api.get('/me/person'), 401, 'unauthenticated');
    expect(must(200, await admin.get(`/people/${id}`)).user_id).toBe(other.id);
  });

  it('was never a person, and is deleted all the same', async () => {
    const { id } = await addPerson(gateway, admin, 'viewer');
    must(204, await admin.delete(`/admin/users/${id}`));
    expectError(await admin.get(`/admin/users/${id}`), 404, 'user_not_found');
  });

  it('can be deleted again when that was cut off, and can do nothing meanwhile', async () => {
    let fails = true;
    gateway.get(UserRemoval).register(() => (fails ? Promise.reject(new Error('cut off')) : Promise.resolve()));
    expect((await admin.delete(`/admin/users/${an.id}`)).status).toBe(500);
    expect(must(200, await admin.get(`/admin/users/${an.id}`)).is_active).toBe(false);
    expectError(await an.api.get('/me/person'), 401, 'unauthenticated');
    fails = false;
    must(204, await admin.delete(`/admin/users/${an.id}`));
    expectError(await admin.get(`/admin/users/${an.id}`), 404, 'user_not_found');
    await isGone();
  });

  it('is not the same as one who is switched off, and comes back as they were', async () => {
    must(200, await admin.patch(`/admin/users/${an.id}`, { is_active: false }));
    await isThere();
    must(200, await admin.patch(`/admin/users/${an.id}`, { is_active: true }));
    const again = await gateway.login(an.username, PASSWORD);
    expect(must(200, await again.get('/me/person')).id).toBe(person);
    await isThere();
  });
});
