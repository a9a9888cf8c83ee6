import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { TestGateway } from '../support/gateway.js';

describe('the pages of the API in Chromium', () => {
  let gateway: TestGateway;
  let browser: Browser;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await gateway.stop();
  });

  it.each([
    ['/schema/swagger-ui', '.opblock-tag'],
    ['/sms/schema/swagger-ui', '.opblock-tag'],
    ['/schema/ReDoc', '[role=menuitem][data-item-id^="tag/"], li[data-item-id^="tag/"]'],
  ])('%s begins with requests, and the console has nothing to say', async (path, part) => {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('requestfailed', (request) => said.push(request.url()));
    page.on('response', (response) => response.status() >= 400 && said.push(`${response.status()} ${response.url()}`));
    await page.goto(gateway.url + path);
    const first = page.locator(part).first();
    await first.waitFor();
    expect(await first.innerText()).toMatch(/^requests/i);
    await page.waitForLoadState('networkidle');
    expect(said).toEqual([]);
    await page.close();
  });
});
