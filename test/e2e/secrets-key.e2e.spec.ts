import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createGateway } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/load-config.js';
import { TestGateway } from '../support/gateway.js';
import { registerPhone } from '../support/shop.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

describe('the key of the secrets in the store', () => {
  it('is told from another at the next start, which is refused in words', async () => {
    const env: Record<string, string> = { SECRETS_KEY: key(1) };
    const gateway = await TestGateway.start(env);
    const admin = await gateway.admin();
    await admin.put('/admin/agent/registration-secret', { registration_secret: 'a-shared-secret' });

    env['SECRETS_KEY'] = key(2);
    await expect(gateway.restart()).rejects.toThrow(/SECRETS_KEY is not the key[^]*set the key of the gateway/);
    env['SECRETS_KEY'] = key(1);
    await gateway.restart();
    await registerPhone(gateway, { registration_secret: 'a-shared-secret' });

    // Data from before there was a canary tells by what is encrypted.
    await gateway.store.collection('app_config').deleteOne({ _id: 'secrets_key' });
    env['SECRETS_KEY'] = key(2);
    await expect(gateway.restart()).rejects.toThrow('SECRETS_KEY');
    env['SECRETS_KEY'] = key(1);
    await gateway.restart();
    await gateway.stop();
  });

  // Two gateways on one database, which the embedded store doesn't allow.
  (process.env['E2E_STORE'] !== 'mongo' ? it.skip : it)(
    'is shared by gateways that generate it, and so are logins',
    async () => {
      const first = await TestGateway.start();
      const folder = mkdtempSync(join(tmpdir(), 'trunkline-second-'));
      const second = await createGateway(
        loadConfig({
          APP_ENV: 'test',
          LOG_LEVEL: 'fatal',
          DATA_DIR: folder,
          MONGO_URI: process.env['MONGO_TEST_URI'],
          MONGO_DB: first.database,
        }),
      );
      await second.app.listen(0, '127.0.0.1');
      const admin = await first.admin();
      await admin.put('/admin/agent/registration-secret', { registration_secret: 'a-shared-secret' });
      const me = await fetch(`${await second.app.getUrl()}/auth/me`, { headers: admin.credentials });
      expect(me.status).toBe(200);
      const phone = await fetch(`${await second.app.getUrl()}/agent/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ device_id: 'shared', registration_secret: 'a-shared-secret' }),
      });
      expect(phone.status).toBe(201);
      await second.stop();
      await first.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  );
});
