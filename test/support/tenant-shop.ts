import type { TestGateway } from './gateway.js';
import { approvedTemplate, createKey, registerPhone, type Shop } from './shop.js';

/** A shop in its own tenant, not in the default one. */
export async function openTenantShop(gateway: TestGateway, slug: string, content = 'Ma OTP {CODE}'): Promise<Shop> {
  const platform = await gateway.admin();
  const created = await platform.post('/admin/tenants', { slug, name: slug });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  const admin = platform.as({ 'x-tenant': slug });
  const key = await createKey(admin, ['sms:send', 'sms:read']);
  return {
    admin,
    client: gateway.api.withKey(key.plain_key),
    keyId: key.id,
    templateId: await approvedTemplate(admin, content),
    phone: await registerPhone(gateway, { tenant: slug }),
  };
}
