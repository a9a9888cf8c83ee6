import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { FirebaseScripts } from '../fakes/firebase-scripts.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must, PASSWORD } from '../support/people.js';

const WEB = { apiKey: 'AIza', projectId: 'shop-4711', messagingSenderId: '1', appId: '1:1:web:1', vapidKey: 'BLx' };
const PATHS = [
  ['/', '/'],
  ['/push', '/'],
  ['/console/push/', '/'],
  ['/sms/', '/sms/'],
] as const;

describe('the push page in Chromium', () => {
  let google: FirebaseScripts;
  let gateway: TestGateway;
  let browser: Browser;
  let context: BrowserContext;
  let complaints: string[];

  beforeAll(async () => {
    google = await new FirebaseScripts().start();
    gateway = await TestGateway.start({ FIREBASE_WEB_CONFIG: JSON.stringify(WEB) });
    const here = ['www.gstatic.com', 'fcmregistrations.googleapis.com'].map(
      (host) => `MAP ${host} 127.0.0.1:${google.port}`,
    );
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--ignore-certificate-errors',
        `--host-resolver-rules=${[...here, 'MAP gateway.test 127.0.0.1', 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([google.stop(), gateway.stop()]);
  });
  afterEach(async () => {
    google.isDown = false;
    await context.close();
  });

  async function open(url: string, { locale = 'en-US', allows = true } = {}): Promise<Page> {
    context = await browser.newContext({ locale, permissions: allows ? ['notifications'] : [] });
    return visit(url);
  }
  async function visit(url: string): Promise<Page> {
    const page = await context.newPage();
    complaints = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => void complaints.push(String(error)));
    await page.goto(url);
    return page;
  }
  const tokenOn = async (page: Page) => {
    await page.locator('#push-registered').waitFor({ state: 'visible' });
    return page.locator('#push-token').inputValue();
  };
  const state = (page: Page, text: RegExp) => page.locator('#push-state').filter({ hasText: text }).waitFor();

  it.each(PATHS)('%s shows the token of a device that allows notifications', async (path, scope) => {
    const page = await open(gateway.url + path);
    expect(await tokenOn(page)).toBe(`token:shop-4711:BLx:${scope}`);
    expect(await page.locator('#push-state').innerText()).toBe('This device takes notifications.');
    expect(await page.locator('#push-token').isEditable()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('has a worker for pushes that arrive while the page is closed', async () => {
    const page = await open(`${gateway.url}/push`);
    await tokenOn(page);
    const told = await page.evaluate(`(async () => {
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
      active.postMessage('', [port2]);
      return [new URL(active.scriptURL).pathname, await answer];
    })()`);
    expect(told).toEqual(['/firebase-messaging-sw.js', WEB]);
    expect(complaints).toEqual([]);
  });

  it('shows pushes that arrive while it is open, as text', async () => {
    const page = await open(gateway.url);
    await tokenOn(page);
    await page.evaluate(`pushed({ notification: { title: 'Đơn hàng <b>12</b>', body: 'đã giao' } })`);
    await page.evaluate(`pushed({ data: { order: '13' } })`);
    expect(await page.locator('#push-received li').allInnerTexts()).toEqual([
      '{"order":"13"}',
      'Đơn hàng <b>12</b>: đã giao',
    ]);
  });

  it('copies the token', async () => {
    const page = await open(gateway.url);
    await context.grantPermissions(['notifications', 'clipboard-read', 'clipboard-write']);
    const token = await tokenOn(page);
    await page.locator('#push-copy').click();
    await state(page, /Copied/);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token);
  });

  it('is in Vietnamese for who reads that', async () => {
    const page = await open(gateway.url, { locale: 'vi-VN' });
    await tokenOn(page);
    await page.getByRole('button', { name: 'Cho phép thông báo trên thiết bị này' }).waitFor();
    await page.getByLabel('Mã đăng ký của thiết bị này').waitFor();
    expect(await page.locator('#push-state').innerText()).toBe('Thiết bị này nhận được thông báo.');
  });

  it('asks nobody before it may', async () => {
    google.asked.length = 0;
    const page = await open(`${gateway.url}/push`, { allows: false });
    await page.addInitScript(`Object.defineProperty(Notification, 'permission', { get: () => 'default' })`);
    await page.addInitScript(`Notification.requestPermission = async () => window.answer`);
    await page.reload();
    const allow = page.getByRole('button', { name: 'Allow notifications on this device' });
    for (const [answer, says] of [
      ['default', /have not allowed/],
      ['denied', /are blocked/],
    ] as const) {
      await page.evaluate(`window.answer = '${answer}'`);
      await allow.click();
      await state(page, says);
    }
    expect(google.asked).toEqual([]);
    await page.evaluate(`window.answer = 'granted'`);
    await allow.click();
    expect(await tokenOn(page)).toMatch(/^token:/);
  });

  it('says in words what is in the way', async () => {
    const { port } = new URL(gateway.url);
    const insecure = await open(`http://gateway.test:${port}/push`);
    await state(insecure, /needs https/);
    const old = await context.newPage();
    await old.addInitScript('delete window.PushManager');
    await old.goto(`${gateway.url}/push`);
    await state(old, /does not take pushes/);
    google.isDown = true;
    const offline = await visit(`${gateway.url}/push`);
    await state(offline, /could not be loaded from www.gstatic.com/);
    google.isDown = false;
    await offline.locator('#push-allow').click();
    expect(await tokenOn(offline)).toMatch(/^token:/);
  });

  it('makes the device one of who has logged in', async () => {
    const user = await addPerson(gateway, await gateway.admin(), 'member');
    const page = await open(`${gateway.url}/login`);
    await page.locator('[name=username]').fill(user.username);
    await page.locator('[name=password]').fill(PASSWORD);
    await page.getByRole('button').click();
    await page.waitForURL('**/preference/');
    await page.goto(`${gateway.url}/push`);
    const value = await tokenOn(page);
    await page.getByRole('button', { name: 'Use for my notifications' }).click();
    await state(page, /come to this device/);
    const { items } = must(200, await user.api.get('/me/devices'));
    expect(items).toEqual([expect.objectContaining({ kind: 'token', value })]);
  });

  it.each([
    ['en-US', /There is no token here.*FIREBASE_WEB_CONFIG/],
    ['vi-VN', /Ở đây không có mã đăng ký.*FIREBASE_WEB_CONFIG/],
  ])('says in %s why there is none without a configuration', async (locale, words) => {
    const plain = await TestGateway.start();
    try {
      const page = await open(plain.url, { locale });
      expect(await page.locator('main').innerText()).toMatch(words);
      expect(await page.getByRole('button').count()).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      await plain.stop();
    }
  });
});
