import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Config } from '../config/load-config.js';
import type { Carrier } from './carrier.js';

/** The fields of an account, by the names that `PUT /admin/carriers/:name` uses. What isn't set is absent. */
export type AccountValues = Readonly<Record<string, string | number | boolean>>;

/** What an adapter may know of the gateway. */
export interface CarrierContext {
  /** Whose account it is. */
  tenant: TenantId;
  /** Without a trailing slash; null: the provider can't call us. */
  publicUrl: string | null;
  /** Another address of the provider, to stand in for it; null: its own. */
  baseUrl: string | null;
  /** Outside production: what stands in for the provider may have a certificate that nobody has signed. */
  trustsStandIn: boolean;
  now(): Date;
}

/** One provider. Its folder registers it; the rest of the gateway knows only this and the port. */
export interface CarrierKind {
  /** As in `carrier:twilio`. */
  readonly name: string;
  /** As people write it: `Twilio`. */
  readonly title: string;
  /** Which fields are secret: encrypted in the store and never shown. */
  readonly secrets: readonly string[];
  /** Several tenants may have the same account: nobody calls us for it. */
  readonly isShared?: true;
  /** The default tenant's account, which the environment gives; null when it doesn't. */
  fromEnvironment(config: Config): AccountValues | null;
  /** The account that a tenant has without setting one up; accounts of such a kind belong to no tenant alone. Null: not in this installation. */
  builtIn?(config: Config): AccountValues | null;
  /**
   * What the provider's calls are for, and the path below PUBLIC_URL to tell the provider for it; `{callback_token}` stands for that secret.
   */
  readonly callbackPaths?: Readonly<Record<string, string>>;
  /** Another address of the provider that the environment gives; null: its own. */
  baseUrl(config: Config): string | null;
  /** What is wrong with a field that the PUT's DTO can't see into; null: nothing. */
  flaw?(values: AccountValues): { field: string; problem: string } | null;
  /** What the provider calls the account. No two tenants have the same one, unless it is shared. */
  accountId(values: AccountValues): string;
  /** By whom its texts come, for opt-outs that hold for one sender: a number in E.164 or the id of a service. Null: it isn't fixed. */
  sender(values: AccountValues): string | null;
  /** The adapter. Heavy packages are loaded here, not at the start. */
  open(values: AccountValues, context: CarrierContext): Promise<Carrier>;
}

@Injectable()
export class CarrierKinds {
  private readonly kinds = new Map<string, CarrierKind>();

  register(kind: CarrierKind): void {
    this.kinds.set(kind.name, kind);
  }

  get all(): readonly CarrierKind[] {
    return [...this.kinds.values()];
  }

  find(name: string): CarrierKind | undefined {
    return this.kinds.get(name);
  }
}
