import type { Role } from '../../src/auth/principal.js';
import type { Answer, Api } from './api.js';
import type { TestGateway } from './gateway.js';

export const PASSWORD = 'battery-staple-horse';

export interface Person {
  id: string;
  username: string;
  api: Api;
}

let people = 0;

/** A logged-in user of the tenant that `admin` works in. */
export async function addPerson(gateway: TestGateway, admin: Api, role: Role): Promise<Person> {
  const username = `${role}-${++people}`;
  const { id } = must(201, await admin.post('/admin/users', { username, password: PASSWORD, role }));
  return { id, username, api: await gateway.login(username, PASSWORD) };
}

/** A new tenant, with its own administrator. */
export async function addTenant(
  gateway: TestGateway,
  platformAdmin: Api,
  slug: string,
): Promise<{ slug: string; asPlatformAdmin: Api; admin: Person }> {
  must(201, await platformAdmin.post('/admin/tenants', { slug, name: slug.toUpperCase() }));
  const asPlatformAdmin = platformAdmin.as({ 'x-tenant': slug });
  return { slug, asPlatformAdmin, admin: await addPerson(gateway, asPlatformAdmin, 'admin') };
}

/** For the setup of a test: returns the body of an answer that must have this status. */
export function must(status: number, answer: Answer): Answer['body'] {
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
