import { join } from 'node:path';
import { Child } from './child.js';
import type { Filling } from './filling.js';
import { Gateway } from './gateway.js';
import { openShop, type Shop } from './shop.js';

export interface FilledStore {
  dir: string;
  shop: Shop;
  messages: number;
}

/** Stores that contain the queue of one phone; each is filled once and shared by the rows. */
export class Backlog {
  private readonly made = new Map<string, Promise<FilledStore>>();

  constructor(
    private readonly dir: string,
    private readonly quick: boolean,
  ) {}

  get small(): Promise<FilledStore> {
    return this.store('small', 10_000);
  }
  get large(): Promise<FilledStore> {
    return this.store('large', this.quick ? 100_000 : 1_000_000);
  }
  get notDue(): number {
    return this.quick ? 50_000 : 500_000;
  }

  /** Adds messages scheduled for next week to the large store, whose gateway must be stopped. */
  async addNotDue(): Promise<void> {
    const { dir, shop } = await this.large;
    await fill(dir, { ...fillingOf(shop), messages: this.notDue, dueInDays: 7, fingerprints: false });
  }

  private store(name: string, messages: number): Promise<FilledStore> {
    const known = this.made.get(name) ?? this.make(join(this.dir, name), messages);
    this.made.set(name, known);
    return known;
  }

  private async make(dir: string, messages: number): Promise<FilledStore> {
    const shop = await foundShop(dir, 1);
    await fill(dir, { ...fillingOf(shop), messages, dueInDays: 0, fingerprints: true });
    return { dir, shop, messages };
  }
}

/** Creates a shop in a new folder, then stops its gateway. */
export async function foundShop(dir: string, phones: number): Promise<Shop> {
  const gateway = await Gateway.start({ dir, flags: [] });
  try {
    return await openShop(gateway, phones);
  } finally {
    await gateway.stop();
  }
}

export function fillingOf(shop: Shop): Pick<Filling, 'tenant' | 'clientId' | 'templateId' | 'agentIds'> {
  const agentIds = shop.phones.map((phone) => phone.agentId);
  return { tenant: shop.tenant, clientId: shop.keyId, templateId: shop.templateId, agentIds };
}

export async function fill(dir: string, filling: Filling): Promise<void> {
  const child = Child.start({
    program: './programs/fill.js',
    args: [dir, JSON.stringify(filling)],
    env: { NODE_OPTIONS: '' },
    allCores: true,
  });
  await child.finished();
}
