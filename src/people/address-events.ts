import { Injectable } from '@nestjs/common';
import { RecipientEvents, type RecipientEvent } from '../carriers/recipient-events.js';
import { readPushTarget } from '../domain/push-target.js';
import { PeopleRepository } from './people.repository.js';
import { PushTokensRepository } from './push-tokens.repository.js';

/** Providers say that nobody is at an address any more. What they say of numbers is for the opt-outs. */
@Injectable()
export class AddressEvents {
  constructor(
    events: RecipientEvents,
    private readonly people: PeopleRepository,
    private readonly tokens: PushTokensRepository,
  ) {
    events.register((event) => this.hear(event));
  }

  private async hear({ tenant, kind, channel, address, code, at, sent_at }: RecipientEvent): Promise<void> {
    if (kind !== 'dead_address') return;
    if (channel === 'email') await this.people.emailDied(tenant, address, { code, at }, sent_at);
    const target = channel === 'push' ? readPushTarget(address) : null;
    if (target && target.kind !== 'topic')
      await this.tokens.died(tenant, { kind: target.kind, value: target.value }, { code, at }, sent_at);
  }
}
