import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { NumberChannel } from '../domain/channel.js';
import { formatRoute } from '../domain/route.js';
import { OptOutLookup } from '../sending-rules/opt-out-lookup.js';
import { FingerprintClaims } from './fingerprint-claims.js';
import type { Common } from './preparation.js';
import type { ReadMessage } from './recipient-reader.js';

/** Says which texts would be stored as duplicates if they were accepted now. Takes nothing. */
@Injectable()
export class DuplicatePreview {
  constructor(
    private readonly optOuts: OptOutLookup,
    private readonly claims: FingerprintClaims,
  ) {}

  /**
   * For each text, whether a message has it already. Null for those that can be no duplicates: their recipients want no more texts, or the
   * tenant looks for none.
   */
  async look(
    tenant: TenantId,
    { route, template, settings }: Common,
    channel: NumberChannel | undefined,
    texts: readonly Pick<ReadMessage, 'recipient' | 'hash'>[],
  ): Promise<(boolean | null)[]> {
    if (settings.anti_dup_minutes === 0) return texts.map(() => null);
    const judged = texts.map(({ recipient: { to } }) => ({
      tenant_id: tenant,
      to,
      route: formatRoute(route),
      ...(channel === 'whatsapp' ? { channel } : {}),
    }));
    const stopped = template?.ignores_opt_outs ? [] : await this.optOuts.stop(judged);
    const held = await this.claims.held(
      tenant,
      texts.map(({ hash }) => hash),
    );
    return texts.map(({ hash }, i) => (stopped[i] ? null : held.has(hash)));
  }
}
