import { expect } from '@jest/globals';
import { SmsgateApp, type AppOptions } from '../fakes/smsgate-app/app.js';
import { Api } from './api.js';
import type { TestGateway } from './gateway.js';
import { must } from './people.js';
import { accept, messagesOf, messagesTo } from './sending.js';
import { openShop, type Shop } from './shop.js';
import { waitFor } from './wait-for.js';

const ENV = {
  PUBLIC_URL: 'https://sms.example.com/sms',
  JWT_ACCESS_MINUTES: '1000000',
};

/** Messages that are looked at together: no more calls than the gateway has other work. */
const AT_ONCE = 20;

/** Phones with the app at one gateway, which may stop and start again beneath them. */
export class AppPhones {
  readonly apps: SmsgateApp[] = [];
  /** Without it, the phones have no network. */
  isUp = true;

  private constructor(
    readonly gateway: TestGateway,
    private readonly shop: Shop,
  ) {}

  static env(extra: Record<string, string> = {}): Record<string, string> {
    return { ...ENV, ...extra };
  }
  static async at(gateway: TestGateway): Promise<AppPhones> {
    const shop = await openShop(gateway);
    must(
      200,
      await shop.admin.put('/admin/settings', { app_rate_limit_per_min: 6000, app_hourly_cap_per_sim: 1_000_000 }),
    );
    return new AppPhones(gateway, shop);
  }

  /** At the gateway as it is now: one that was started again listens elsewhere. */
  get client(): Api {
    return new Api(this.gateway.url, this.shop.client.credentials);
  }
  get admin(): Api {
    return new Api(this.gateway.url, this.shop.admin.credentials);
  }

  /** One that joins `group` by a code. */
  async join(group: string, options: Partial<AppOptions> = {}): Promise<SmsgateApp> {
    const { code } = must(201, await this.admin.post('/admin/agents/registration-codes', { group }));
    return this.start({ ticket: { code }, ...options });
  }

  async start(options: Partial<AppOptions>): Promise<SmsgateApp> {
    const { gateway } = this;
    const app = new SmsgateApp({
      url: () => (this.isUp ? gateway.url : undefined),
      now: () => gateway.clock.now(),
      seed: this.apps.length + 1,
      ...options,
    });
    this.apps.push(app);
    await app.start();
    return app;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.splice(0).map((app) => app.stop()));
  }

  /** Answers the messages' ids. */
  async send(group: string, count = 1, extra: object = {}): Promise<string[]> {
    const body = { template_id: this.shop.templateId, route: `group:${group}`, messages: messagesTo(count, group) };
    const { request_id } = await accept(this.client, { ...body, ...extra });
    return (await messagesOf(this.client, request_id)).map(({ message_id }) => message_id as string);
  }

  async message(id: string): Promise<any> {
    return must(200, await this.client.get(`/messages/${id}`));
  }
  /** Until each of them has this status. */
  async reached(status: string, ids: readonly string[], timeout = 60_000): Promise<void> {
    let left = ids.map((id) => ({ id, status: '' }));
    const look = async () => {
      const found = left.slice(0, AT_ONCE).map(async ({ id }) => ({ id, status: (await this.message(id)).status }));
      const others = (await Promise.all(found)).filter((message) => message.status !== status);
      left = [...others, ...left.slice(AT_ONCE)];
      expect(left.slice(0, AT_ONCE)).toEqual([]);
    };
    await waitFor(look, { timeout, interval: 50 });
  }

  /** Until the phones have nothing to do or to tell. */
  async idle(timeout = 60_000): Promise<void> {
    await waitFor(() => expect(this.apps.map((app) => app.left)).toEqual(this.apps.map(() => 0)), {
      timeout,
      interval: 5,
    });
  }
}

/** How often the app was told of this. */
export function toldOf(app: SmsgateApp, type: string): number {
  return app.events.filter((event) => event.type === type).length;
}

/** How often the app made this call. */
export function callsOf(app: SmsgateApp, kind: string): number {
  return app.server.calls.filter((call) => call === kind).length;
}

/** Which texts went out more than once. */
export function sentTwice(apps: readonly SmsgateApp[]): string[] {
  const texts = apps.flatMap((app) => app.sentTexts).map(({ to, text }) => `${to} ${text}`);
  return texts.filter((text, place) => texts.indexOf(text) !== place);
}
