import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Environment } from './environment.js';
import { ConfigError, loadConfig } from './load-config.js';

const problems = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
};

describe('configuration', () => {
  it('has a default for everything in development', () => {
    expect(loadConfig({})).toMatchObject({
      PORT: 8000,
      BASE_PATH: '/sms',
      LEASE_SECONDS: 300,
      BLOCK_INTERNATIONAL: true,
    });
  });

  it('reads numbers and the four ways of a boolean', () => {
    expect(
      loadConfig({ PORT: '9000', BLOCK_INTERNATIONAL: '0', SEED_ADMIN: 'FALSE', ANTI_DUP_MINUTES: '0' }),
    ).toMatchObject({
      PORT: 9000,
      BLOCK_INTERNATIONAL: false,
      SEED_ADMIN: false,
      ANTI_DUP_MINUTES: 0,
    });
  });

  it('tells every mistake at once and never a value', () => {
    const told = problems({
      PORT: 'hidden-port',
      BLOCK_INTERNATIONAL: 'hidden-flag',
      LOG_LEVEL: 'hidden-level',
      SECRETS_KEY: 'hidden-key',
    });
    for (const name of ['PORT', 'BLOCK_INTERNATIONAL', 'LOG_LEVEL', 'SECRETS_KEY']) expect(told).toContain(name);
    expect(told).not.toContain('hidden');
  });

  it('says in words what form a value has to have', () => {
    for (const [name, { pattern }] of Object.entries(Environment.properties as Record<string, { pattern?: string }>)) {
      if (pattern === undefined) continue;
      const told = problems({ [name]: '\n' });
      expect(told).toContain(name);
      expect(told).not.toMatch(/pattern|is not valid/);
      expect(told).not.toContain(pattern);
    }
    expect(problems({ AGENT_REGISTRATION_SECRET: 'hidden' })).toMatch(/_SECRET must have 8 characters or more/);
  });

  it('refuses a calling code that nobody has, and a country that has another one', () => {
    expect(problems({ DEFAULT_COUNTRY_PREFIX: '+1', DEFAULT_COUNTRY: 'CA' })).toBe('');
    expect(problems({ DEFAULT_COUNTRY_PREFIX: '+840' })).toContain('DEFAULT_COUNTRY_PREFIX must be a calling code');
    for (const country of ['VN', 'XX', 'ca'])
      expect(problems({ DEFAULT_COUNTRY_PREFIX: '+1', DEFAULT_COUNTRY: country })).toContain('DEFAULT_COUNTRY must be');
  });

  it('refuses a password of which bcrypt would read only a part', () => {
    expect(problems({ SEED_ADMIN_PASSWORD: 'é'.repeat(36) })).toBe('');
    expect(problems({ SEED_ADMIN_PASSWORD: 'é'.repeat(37) })).toContain('SEED_ADMIN_PASSWORD must have 72 bytes');
  });

  it('leaves the embedded store no half of a gateway', () => {
    expect(problems({ ROLE: 'api', MONGO_URI: 'mongodb://localhost' })).toBe('');
    for (const ROLE of ['api', 'worker']) expect(problems({ ROLE })).toContain('ROLE must be all without MONGO_URI');
    expect(problems({ ROLE: 'both' })).toContain('ROLE must be one of all, api, worker');
  });

  it('refuses half an account of a provider and names what is missing', () => {
    const sid = `AC${'0'.repeat(32)}`;
    expect(problems({ TWILIO_ACCOUNT_SID: sid })).toContain('TWILIO_AUTH_TOKEN is required, since TWILIO_ACCOUNT_SID');
    expect(problems({ TWILIO_FROM: '+15005550006' })).toMatch(/TWILIO_ACCOUNT_SID.*\n.*TWILIO_AUTH_TOKEN is required/);
    expect(problems({ FLOWROUTE_SECRET_KEY: 'hidden' })).toContain('FLOWROUTE_ACCESS_KEY is required');
    expect(problems({ FLOWROUTE_ALLOWED_ADDRESSES: '10.0.0.0/8,here' })).toContain('FLOWROUTE_ALLOWED_ADDRESSES');
    expect(problems({ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 'token' })).toBe('');
  });

  it('reads an account under the names that other programs gave it', () => {
    const sid = `AC${'0'.repeat(32)}`;
    const read = (env: Record<string, string>) => loadConfig({ TWIL_ACCOUNT_SID: sid, ...env }).TWILIO_AUTH_TOKEN;
    expect(read({ TWIL_ACCOUNT_KEY: 'key' })).toBe('key');
    expect(read({ TWILIO_AUTH: 'auth', TWILIO_AUTH_TOKEN: '' })).toBe('auth');
    expect(read({ TWIL_ACCOUNT_KEY: 'key', TWILIO_AUTH_TOKEN: 'own' })).toBe('own');
  });

  it('reads a mail server and who e-mails come from, and refuses half of it and what is none', () => {
    const from = { MAIL_FROM: 'Tiệm Hoa <shop@example.com>' };
    expect(problems({ ...from, SMTP_URL: 'smtp://user:hidden@mail.example.com' })).toBe('');
    expect(loadConfig({ SENDGRID_API_KEY: 'SG.key', SENDGRID_FROM_EMAIL: 'a@b.example' }).MAIL_FROM).toBe(
      'a@b.example',
    );
    expect(problems(from)).toContain('SMTP_URL is required, since MAIL_FROM is set');
    expect(problems({ SENDGRID_API_KEY: 'hidden' })).toContain('MAIL_FROM is required, since SENDGRID_API_KEY is set');
    expect(problems({ ...from, SMTP_URL: 'smtp://user:hid@den@host' })).toMatch(/SMTP_URL must be smtp:(?!.*hid@den)/);
    expect(problems({ SMTP_URL: 'smtp://host', MAIL_FROM: 'hidden' })).toMatch(/MAIL_FROM must be shop@(?!.*hidden)/);
  });

  it('reads a service account from the variable or from a file, and refuses what is none', () => {
    const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    const json = JSON.stringify({ client_email: 'push@shop.example', private_key: privateKey });
    const folder = mkdtempSync(join(tmpdir(), 'trunkline-config-'));
    const file = join(folder, 'account.json');
    writeFileSync(file, json);
    const read = (text: string) =>
      loadConfig({ FIREBASE_PROJECT_ID: 'shop', FIREBASE_SERVICE_ACCOUNT: text }).FIREBASE_SERVICE_ACCOUNT;
    expect(read(json)).toBe(json);
    expect(read(file)).toBe(json);
    rmSync(folder, { recursive: true });
    for (const hidden of [file, '{"client_email":"hidden"}'])
      expect(problems({ FIREBASE_PROJECT_ID: 'shop', FIREBASE_SERVICE_ACCOUNT: hidden })).toMatch(
        /FIREBASE_SERVICE_ACCOUNT must be the JSON(?!.*(hidden|account\.json))/,
      );
    expect(problems({ FIREBASE_PROJECT_ID: 'shop' })).toContain('FIREBASE_SERVICE_ACCOUNT is required');
    expect(problems({ FIREBASE_WEB_CONFIG: '{"apiKey":"x"}' })).toContain('FIREBASE_WEB_CONFIG must be a JSON object');
  });

  it('reads earlier keys, and refuses what is none', () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    expect(problems({ SECRETS_KEY_OLD: `${key}, ${key}` })).toBe('');
    expect(problems({ SECRETS_KEY_OLD: `${key},hidden` })).toMatch(/SECRETS_KEY_OLD must be earlier(?!.*hidden)/);
  });

  it.each([
    [{}, 'JWT_SECRET is required'],
    [{ FLOWROUTE_CALLBACK_TOKEN: 'a1b2c3d4e5f6' }, 'FLOWROUTE_CALLBACK_TOKEN must have 16'],
    [{ JWT_SECRET: 'secret' }, 'JWT_SECRET'],
    [{ JWT_SECRET: 'a1b2c3d4e5f6' }, 'JWT_SECRET must have 32'],
    [{ JWT_SECRET: 'x'.repeat(40) }, 'JWT_SECRET is a well-known'],
    [{ SEED_ADMIN_PASSWORD: 'admin123' }, 'SEED_ADMIN_PASSWORD'],
    [{ OPEN_SURFACES: '1' }, 'OPEN_SURFACES must be 0'],
  ])('refuses %j in production', (env, told) => {
    expect(problems({ APP_ENV: 'production', ...env })).toContain(told);
  });
});
