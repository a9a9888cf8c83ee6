import { Injectable } from '@nestjs/common';
import type { Audience, NotificationDoc } from './notification.js';

export interface AudiencePage {
  audience: readonly Audience[];
  /** Where the next page begins; null: this is the last one. */
  place: string | null;
}

/** Goes through everybody to whom a notification goes, page by page. */
@Injectable()
export class Audiences {
  /** The page after the notification's `place`. */
  async page({ audience = [], place }: NotificationDoc, limit: number): Promise<AudiencePage> {
    const from = place === undefined ? 0 : Number(place);
    const next = from + limit;
    return { audience: audience.slice(from, next), place: next < audience.length ? String(next) : null };
  }
}
