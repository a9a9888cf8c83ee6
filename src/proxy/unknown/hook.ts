import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { withCallSignal } from '../../common/call-signal.js';
import { schemaOf } from '../../common/dto/schema-of.js';
import { HttpOut } from '../../common/http-out/http-out.js';
import { webhookHeaders } from '../../common/http-out/webhook-signature.js';
import { bodyParser } from '../../common/schema.js';
import type { InboundDoc } from '../../inbound/inbound-message.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import type { TnDoc } from '../tn.js';
import { HookAnswerDto } from './dto/hook-answer.dto.js';

const PATIENCE_MILLIS = 3000;
const EVENT = 'inbound.unknown';

const readAnswer = bodyParser<HookAnswerDto>(schemaOf(HookAnswerDto));

/** The tenant's own program, which decides whether a stranger's text begins a session. */
@Injectable()
export class Hook {
  constructor(
    private readonly httpOut: HttpOut,
    private readonly settings: SettingsService,
    private readonly tenants: TenantsService,
    private readonly clock: Clock,
  ) {}

  /** Null: no session. @throws when it doesn't answer as it should; a text's calls all have its id, so that a call may be repeated. */
  async ask(tn: TnDoc, text: InboundDoc, stopping: AbortSignal): Promise<HookAnswerDto | null> {
    const { tenant_id: tenant, _id: id } = text;
    const { on_unknown_url: url } = await this.settings.get(tenant);
    const secret = await this.settings.unknownSecret(tenant);
    if (!url || !secret) throw new Error('It has no URL or no secret');
    const body = JSON.stringify({
      event: EVENT,
      id,
      tenant: (await this.tenants.get(tenant)).slug,
      from: text.from,
      to: tn.number,
      channel: text.channel ?? 'sms',
      text: text.text,
      received_at: text.received_at.toISOString(),
    });
    const headers = webhookHeaders(secret, id, this.clock.now(), body);
    const outcome = await withCallSignal(PATIENCE_MILLIS, stopping, (signal) =>
      this.httpOut.call({ method: 'POST', url, headers, body, signal }),
    );
    if (outcome.kind !== 'answered') throw new Error(`It was not reached: ${outcome.code}`);
    const { status, body: answer } = outcome;
    if (status === 204) return null;
    if (status < 200 || status > 299) throw new Error(`It answered with the status ${status}`);
    return readAnswer(parsed(answer));
  }
}

/** The parser's own error would have some of the answer in it, and so people's numbers in the log. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    throw new Error('Its answer is no JSON, or is longer than 64 KiB');
  }
}
