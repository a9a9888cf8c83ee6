import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { StoreFailure } from '../../common/store-failure.js';
import { later } from '../../domain/time.js';
import type { InboundDoc } from '../../inbound/inbound-message.js';
import { InboundService } from '../../inbound/inbound.service.js';
import { ReceivedTexts } from '../received-texts.js';
import { Sessions } from '../sessions.js';
import type { TnDoc } from '../tn.js';
import { TnsRepository } from '../tns.repository.js';
import { HookSessions } from './hook-sessions.js';
import { sessionIdFor, type UnknownTextDoc } from './unknown-text.js';
import { UnknownTextsRepository } from './unknown-texts.repository.js';

const FIRST_PAUSE_MILLIS = 5000;
/** Over 75 seconds, with pauses that double; who waits for an answer won't wait much longer. */
const TRIES = 5;

/** Takes one text as far as it gets: passed on, answered, or put off because the hook failed. */
@Injectable()
export class UnknownTextCare {
  private readonly logger = new Logger(UnknownTextCare.name);

  constructor(
    private readonly repository: UnknownTextsRepository,
    private readonly inbound: InboundService,
    private readonly tns: TnsRepository,
    private readonly sessions: Sessions,
    private readonly received: ReceivedTexts,
    private readonly hooks: HookSessions,
    private readonly clock: Clock,
  ) {}

  /** `held`: no other gateway takes it before its `due_at`. */
  async attend(held: UnknownTextDoc, stopping: AbortSignal): Promise<void> {
    const { tenant_id: tenant, _id, tries } = held;
    const text = await this.inbound.byId(tenant, _id);
    const tn = await this.tns.byNumber(tenant, held.tn);
    // Nothing is left of it, or nobody could answer it.
    if (!text || text.text_blanked_at || !tn) return this.repository.remove(held);
    try {
      const isDone = await this.handle(tn, text, stopping);
      return isDone ? await this.repository.remove(held) : await this.putOff(held, tries);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      // A gateway that stops leaves it to the next one.
      if (stopping.aborted) return this.putOff(held, tries);
      this.logger.warn({ err: error, tenant, tries: tries + 1 }, `the hook has no answer to the text ${_id}`);
    }
    if (tries + 1 < TRIES) return this.putOff(held, tries + 1);
    await this.received.sayNoSession(tn, text);
    await this.repository.remove(held);
  }

  /** False: later. @throws what the hook did wrong. */
  private async handle(tn: TnDoc, text: InboundDoc, stopping: AbortSignal): Promise<boolean> {
    const own = await this.sessions.get(text.tenant_id, sessionIdFor(text._id));
    // Its gateway died while it opened it; it's undone soon.
    if (own?.opening_until) return false;
    if (await this.passOn(tn, text)) return true;
    // One that is closed by now was opened because of this text, and isn't opened again.
    const isOpened = !own && (await this.hooks.open(tn, text, stopping));
    if (isOpened && (await this.passOn(tn, text))) return true;
    await this.received.sayNoSession(tn, text);
    return true;
  }

  private async passOn(tn: TnDoc, text: InboundDoc): Promise<boolean> {
    const isPassed = (await this.received.pass(tn, text)) !== null;
    if (isPassed) await this.inbound.markMasked(text);
    return isPassed;
  }

  private async putOff(held: UnknownTextDoc, tries: number): Promise<void> {
    const pause = FIRST_PAUSE_MILLIS * 2 ** Math.max(0, tries - 1);
    await this.repository.putOff(held, later(this.clock.now(), pause), tries);
  }
}
