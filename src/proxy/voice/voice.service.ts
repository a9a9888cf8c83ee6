import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CallbacksService, type ReadPhoneCall } from '../../callbacks/callbacks.service.js';
import type { OpenAccount } from '../../carriers/open-account.js';
import { isId } from '../../common/ids.js';
import { Config } from '../../config/load-config.js';
import { SettingsService } from '../../tenants/settings.service.js';
import type { Participant } from '../session.js';
import { Sessions } from '../sessions.js';
import { TnsRepository } from '../tns.repository.js';
import { CallRecords } from './call-records.js';
import { ConferenceCalls } from './conference-calls.js';
import { CALL_OVER, CONNECTING, NOBODY_REACHED, ONLY_TEXTS } from './spoken-texts.js';
import { twimlOf, type VoiceAnswer } from './twiml.js';

const E164 = /^\+[1-9]\d{6,14}$/;

/** Tells Twilio what to do with a call to a number of the pool: each side sees only the number that it knows. */
@Injectable()
export class VoiceService {
  constructor(
    private readonly callbacks: CallbacksService,
    private readonly sessions: Sessions,
    private readonly tns: TnsRepository,
    private readonly settings: SettingsService,
    private readonly records: CallRecords,
    private readonly conferences: ConferenceCalls,
    private readonly config: Config,
  ) {}

  /** Somebody calls a number, or has hung up. @throws ApiError 403 or 400 */
  async answer(request: FastifyRequest): Promise<string> {
    return twimlOf(await this.answerTo(await this.callbacks.phoneCallFromTwilio(request)));
  }

  /** Somebody whom we called has answered. @throws ApiError 403 or 400 */
  async join(request: FastifyRequest): Promise<string> {
    const { account } = await this.callbacks.phoneCallFromTwilio(request);
    const { conferenceName: name } = request.query as { conferenceName?: unknown };
    const isOpen =
      typeof name === 'string' && isId('cal', name) && (await this.records.isUnderWay(account.tenant, name));
    return twimlOf(isOpen ? { conference: { name, isCaller: false } } : { say: CALL_OVER });
  }

  private async answerTo({ account, call, url }: ReadPhoneCall): Promise<VoiceAnswer> {
    const { tenant } = account;
    if (call.state === 'ended') {
      await this.records.end(tenant, call);
      return {};
    }
    const { from, to } = call;
    const session = E164.test(from) && E164.test(to) ? await this.sessions.withClaim(tenant, to, from) : null;
    const present = session?.participants.filter(({ left_at }) => !left_at) ?? [];
    const caller = present.find(({ tn, address }) => tn === to && address === from);
    const others = present.filter((one) => one !== caller);
    if (!session || !caller || others.length === 0) return { say: (await this.settings.get(tenant)).no_session_msg };
    const callees = await this.callable(account, others);
    if (callees.length === 0) return { say: ONLY_TEXTS };
    const { id, isNew } = await this.records.begin(session, call, caller, callees);
    if (callees.length === 1) {
      const [{ tn, address }] = callees as [Participant];
      return { say: CONNECTING, dial: { callerId: tn, number: address } };
    }
    const join = `${this.config.publicUrl ?? new URL(url).origin}/join-conference?conferenceName=${id}`;
    if (isNew && !(await this.conferences.start(account, callees, join))) return { say: NOBODY_REACHED };
    return { say: CONNECTING, conference: { name: id, isCaller: true } };
  }

  /** Who can be called so that they see the number they know: it has to be one of this account that makes calls. */
  private async callable(account: OpenAccount, others: readonly Participant[]): Promise<Participant[]> {
    const tns = await this.tns.byNumbers(
      account.tenant,
      others.map(({ tn }) => tn),
    );
    const calling = new Set(
      tns
        .filter(
          ({ owner, channels }) => 'carrier' in owner && owner.carrier === account.name && channels.includes('voice'),
        )
        .map(({ number }) => number),
    );
    return others.filter(({ channel, tn }) => channel === 'sms' && calling.has(tn));
  }
}
