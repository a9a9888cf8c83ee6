import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { ApiError, busy } from '../../common/errors.js';
import type { RecipientDoc } from '../notification.js';
import { RecipientsRepository } from '../recipients.repository.js';
import { Settling } from '../settling.js';
import { ConfirmLinks } from './confirm-links.js';

const TRIES = 10;

/** Somebody says that they were told. Once: whoever says it again hears when they first did. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly links: ConfirmLinks,
    private readonly recipients: RecipientsRepository,
    private readonly settling: Settling,
    private readonly clock: Clock,
  ) {}

  /** When it was confirmed; null: it wasn't yet. @throws ApiError 404 for a token that isn't ours. */
  async look(token: string): Promise<Date | null> {
    return (await this.mustFind(token)).confirmed_at ?? null;
  }

  /** Takes back what waits of the ways to come. @throws ApiError 404 as `look` does. */
  async confirm(token: string): Promise<Date> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.mustFind(token);
      if (seen.confirmed_at) return seen.confirmed_at;
      const now = this.clock.now();
      // If this gateway dies over it, a look takes back what waits.
      const set = { confirmed_at: now, outcome: 'confirmed', reason: null, look_at: now, updated_at: now };
      const [isMade] = await this.recipients.changeEach([{ seen, update: { $set: set } }]);
      if (!isMade) continue;
      await this.settling.settle(seen.tenant_id, [await this.mustFind(token)]);
      return now;
    }
    throw busy('Too much happens to this notification just now. Confirm it again.', 1);
  }

  private async mustFind(token: string): Promise<RecipientDoc> {
    const id = this.links.read(token);
    const found = id === null ? null : await this.recipients.byIdInAnyTenant(id);
    if (!found) throw unknown();
    return found;
  }
}

function unknown(): ApiError {
  return new ApiError(404, 'link_unknown', 'This link is not known, or what it was about is gone. Check it.');
}
