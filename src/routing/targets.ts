import { Injectable } from '@nestjs/common';
import { ApiError, conflict, invalidField } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import { formatRoute, parseRoute, type Route } from '../domain/route.js';

/** A target of messages, with the fields that code which creates messages needs. */
export interface Target {
  /** The phone to which its messages belong from their creation. */
  agentId: string | null;
  /** SIM slots that a message may choose. */
  simSlots: readonly number[];
  /** Active phones that take from it, or what else sends there. */
  phones: number;
  /** Those of them that are online. */
  online: number;
  /** What it can send: a phone SMS alone, a mail server no SMS. */
  channels: readonly Channel[];
  /** Most characters of one text; null: as many as the tenant allows. */
  characters: number | null;
  /** Nothing leaves by it before then, and why. */
  hold?: { until: Date; code: string; reason: string } | null;
  /** By whom its texts come, for opt-outs that hold for one sender; null: it isn't fixed. */
  sender: string | null;
}

/** One kind of target. The feature that owns it registers it; code that sends knows only this registry. */
export interface TargetKind<K extends Route['kind'] = Route['kind']> {
  kind: K;
  /** The client's notation: `agent:<id>`. */
  form: string;
  /** Returns null when there is no such target, or when it accepts no messages now. */
  find(tenant: TenantId, route: Extract<Route, { kind: K }>): Promise<Target | null>;
  /** The tenant's targets of this kind, for a text whose route nobody has named; absent: only who names one sends by it. */
  list?(tenant: TenantId): Promise<Candidate[]>;
  /** The error for a client whose route names no target; says what to do. */
  absent: { code: string; message: string; advice: string };
}

/** One of the places by which a text may leave. */
export interface Candidate {
  /** As clients write it. */
  route: string;
  /** What comes first is asked first: carriers, then phones, then what only pretends to send. */
  rank: number;
  channels: readonly Channel[];
  /** It is online, and nothing holds it. */
  works: boolean;
}

/** @throws ApiError 400 that names `field` when the target can't send by the channel. */
export function checkChannel(route: Route, { channels }: Target, channel: Channel, field = 'channel'): void {
  if (!channels.includes(channel))
    throw invalidField(field, `${formatRoute(route)} does not send ${channel}, only ${channels.join(' and ')}`);
}

@Injectable()
export class RouteTargets {
  private readonly kinds = new Map<Route['kind'], TargetKind>();

  register<K extends Route['kind']>(kind: TargetKind<K>): void {
    this.kinds.set(kind.kind, kind as unknown as TargetKind);
  }

  /** @throws ApiError 400 for an invalid route, or for a kind of route that nothing here serves. */
  read(text: string): Route {
    const route = parseRoute(text);
    if (route && this.kinds.has(route.kind)) return route;
    const forms = [...this.kinds.values()].map(({ form }) => form);
    throw invalidField('route', `must be ${forms.join(' or ')}`);
  }

  /** Returns null when the route names no target of this tenant. */
  async find(tenant: TenantId, route: Route): Promise<Target | null> {
    return (await this.kinds.get(route.kind)?.find(tenant, route)) ?? null;
  }

  async candidates(tenant: TenantId): Promise<Candidate[]> {
    const lists = await Promise.all([...this.kinds.values()].map((kind) => kind.list?.(tenant) ?? []));
    return lists.flat();
  }

  /**
   * What nobody takes from would wait until somebody comes, who may never: then the caller has to say that it is meant.
   * @throws ApiError 409 that names `field`.
   */
  checkServed({ phones }: Target, route: Route, field: string, allowEmpty: boolean | undefined): void {
    if (phones > 0 || allowEmpty) return;
    const message = `No active phone takes from ${formatRoute(route)}`;
    throw conflict(
      'route_without_phone',
      `${message}. Put one there (PATCH /admin/agents/:id), or say allow_empty_route: true to let messages wait for it.`,
      [{ field, message }],
    );
  }

  /** @throws ApiError 404 that names `field`. */
  async mustFind(tenant: TenantId, route: Route, field: string): Promise<Target> {
    const target = await this.find(tenant, route);
    if (target) return target;
    const { code, message, advice } = this.kinds.get(route.kind)!.absent;
    throw new ApiError(404, code, `${message}. ${advice}`, [{ field, message }]);
  }
}
