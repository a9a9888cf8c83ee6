import { Injectable } from '@nestjs/common';
import type { Client, User } from '../auth/principal.js';
import { notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { fateOf, outcomeOfAll } from '../domain/telling.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { People } from '../people/people.js';
import type { PushTokenDoc } from '../people/push-token.js';
import { TokenNotificationsRepository } from './token-notifications.repository.js';

/** Devices that take pushes, and what each of them got. */
@Injectable()
export class PushTokensService {
  constructor(
    private readonly people: People,
    private readonly rows: TokenNotificationsRepository,
    private readonly messages: MessagesRepository,
  ) {}

  async list({ tenant }: Client | User, personId: string | undefined, page: Page) {
    const { limit, skip } = page;
    const rows = await this.people.listTokens(tenant, { person_id: personId, limit, skip, after: cursorId(page) });
    return listOf(rows, page, showToken);
  }

  async notifications({ tenant }: Client | User, tokenId: string, page: Page): Promise<List<unknown>> {
    const [token] = await this.people.tokensByIds(tenant, [tokenId]);
    if (!token) throw notFound('push_token', tokenId);
    const rows = await this.rows.ofToken(tenant, tokenId, page.limit, page.skip, cursorId(page));
    const ids = rows.map(({ message_id }) => message_id);
    const states = await this.messages.states(tenant, ids);
    return listOf(rows, page, ({ notification_id, message_id, created_at }) => {
      const state = states.get(message_id);
      const outcome = state ? outcomeOfAll([fateOf(state)]) : null;
      return { notification_id, message_id, outcome, last_error: state?.last_error ?? null, created_at };
    });
  }
}

function showToken({ _id, kind, value, person_id, dead, created_at, seen_at }: PushTokenDoc) {
  return { token_id: _id, kind, value, person_id: person_id ?? null, dead: dead ?? null, created_at, seen_at };
}
