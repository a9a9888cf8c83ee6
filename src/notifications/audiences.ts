import { Injectable } from '@nestjs/common';
import type { Audience, NotificationDoc } from './notification.js';
import { Topics } from './topics/topics.js';

export interface AudiencePage {
  audience: readonly Audience[];
  /** Where the next page begins; null: this is the last one. */
  place: string | null;
}

/** The place between whom a notification names and the first of its topic. */
const TOPIC = 'topic';

/** Goes through everybody to whom a notification goes, page by page: first whom it names, then who has subscribed to its topic by now. */
@Injectable()
export class Audiences {
  constructor(private readonly topics: Topics) {}

  /** The page after the notification's `place`. */
  async page({ tenant_id, audience = [], topic, place }: NotificationDoc, limit: number): Promise<AudiencePage> {
    const from = placeAmong(audience, place);
    if (from !== null) {
      const next = from + limit;
      if (next < audience.length) return { audience: audience.slice(from, next), place: String(next) };
      if (audience.length > 0 || topic === undefined)
        return { audience: audience.slice(from), place: topic === undefined ? null : TOPIC };
    }
    const after = from !== null || place === TOPIC ? undefined : place;
    const page = await this.topics.page(tenant_id, topic!, limit, after);
    return { audience: page.audience, place: page.last };
  }
}

/** Null: beyond them, in the topic. */
function placeAmong(audience: readonly Audience[], place: string | undefined): number | null {
  if (place === undefined) return 0;
  return /^\d+$/.test(place) ? Math.min(Number(place), audience.length) : null;
}
