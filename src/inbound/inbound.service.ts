import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { AuditService } from '../audit/audit.service.js';
import type { Agent, Principal } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import { cursorId, listOf, type List } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import { parseSender } from '../domain/phone-number.js';
import { parseTimestamp } from '../domain/time.js';
import { plusOfQuery } from '../domain/typed-number.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { ListInboundMessagesQuery } from './dto/list-inbound-messages.query.js';
import { showInbound, type InboundDoc } from './inbound-message.js';
import { InboundRepository } from './inbound.repository.js';
import { InboundWorker } from './inbound.worker.js';
import { readText } from './told-texts.js';

export interface ReceivedText {
  from: string;
  to?: string | null | undefined;
  text: string;
  received_at: string;
  sim_slot?: number | null | undefined;
  external_id?: string | null | undefined;
}

/** A text as a carrier tells it. */
export interface CarrierText {
  ref: string;
  channel: Channel;
  from: string;
  to: string;
  text: string;
  received_at: Date | null;
  media?: number;
  keyword?: 'stop' | 'start' | 'help';
}

@Injectable()
export class InboundService {
  private readonly nextId: () => string;

  constructor(
    private readonly repository: InboundRepository,
    private readonly worker: InboundWorker,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('inb', () => clock.now());
  }

  /** The same of what a phone uploads: an entry that can't be read keeps no other from being stored. */
  async upload(agent: Agent, entries: readonly unknown[]) {
    const read = entries.map(readText);
    const { results, ...counts } = await this.store(
      agent,
      read.flatMap((entry) => ('text' in entry ? [entry.text] : [])),
    );
    const next = results[Symbol.iterator]();
    return {
      ...counts,
      results: read.map((entry) => {
        if ('reason' in entry) return entry;
        const { ignored = [], ...result } = next.next().value!;
        const all = [...entry.ignored, ...ignored];
        return all.length > 0 ? { ...result, ignored: all } : result;
      }),
    };
  }

  /**
   * Stores new texts; a text that was uploaded before is a duplicate, not an error. One whose time can't be read is one of now: what is told
   * in its place, and the phone's id of the text, say whether it is the same.
   */
  async store(agent: Agent, texts: readonly ReceivedText[]) {
    const readNumber = await this.numberReader(agent.tenant);
    const now = this.clock.now();
    const times = texts.map((text) => parseTimestamp(text.received_at));
    const messages = texts.map((text, i): InboundDoc => {
      const receivedAt = times[i];
      const time = receivedAt?.toISOString() ?? JSON.stringify([text.received_at, text.external_id ?? '']);
      const from = readNumber(text.from);
      return {
        _id: this.nextId(),
        tenant_id: agent.tenant,
        agent_id: agent.id,
        from,
        to: text.to ? readNumber(text.to) : null,
        text: text.text,
        sim_slot: text.sim_slot ?? null,
        external_id: text.external_id ?? null,
        received_at: receivedAt ?? now,
        created_at: now,
        dedupe: hashOf(agent.id, from, time, text.text),
        handle_at: now,
      };
    });
    const duplicates = new Set(await this.repository.insertNew(messages));
    const stored = messages.length - duplicates.size;
    if (stored > 0) {
      this.audit.recordSoon(agent, 'AGENT_INBOUND', { stored });
      this.worker.wake();
    }
    return {
      stored,
      duplicates: duplicates.size,
      results: messages.map((message, i) => ({
        ...(duplicates.has(i) ? { result: 'duplicate' } : { result: 'stored', id: message._id }),
        ...(times[i] ? {} : { ignored: ['received_at'] }),
      })),
    };
  }

  /** Stores a text once by the provider's id of it. */
  async storeFromCarrier(
    { tenant, carrier, accountId }: { tenant: TenantId; carrier: string; accountId: string },
    { ref, channel, from, to, text, received_at, media, keyword }: CarrierText,
    arrivedAt: Date,
  ): Promise<void> {
    const now = this.clock.now();
    const doc: InboundDoc = {
      _id: this.nextId(),
      tenant_id: tenant,
      agent_id: null,
      carrier,
      account_id: accountId,
      ...(channel === 'sms' ? {} : { channel }),
      from,
      to,
      text,
      ...(media ? { media } : {}),
      ...(keyword ? { keyword } : {}),
      sim_slot: null,
      external_id: ref,
      received_at: received_at ?? arrivedAt,
      created_at: now,
      dedupe: hashOf('carrier', carrier, accountId, ref),
      handle_at: now,
    };
    const duplicates = await this.repository.insertNew([doc]);
    if (duplicates.length === 0) this.worker.wake();
  }

  async list(caller: Principal, query: ListInboundMessagesQuery): Promise<List<ReturnType<typeof showInbound>>> {
    const { agent_id: agentId, carrier, channel, from, to } = query;
    const readNumber = await this.numberReader(caller.tenant);
    const filter = {
      agentId,
      carrier,
      channel,
      from: from && readNumber(plusOfQuery(from)),
      to: to && readNumber(plusOfQuery(to)),
    };
    const rows = await this.repository.list(caller.tenant, filter, query.limit, query.skip, cursorId(query));
    return listOf(rows, query, showInbound);
  }
  byId(tenant: TenantId, id: string): Promise<InboundDoc | null> {
    return this.repository.byId(tenant, id);
  }

  /** Its text is one of a masked conversation. */
  markMasked({ tenant_id, _id }: InboundDoc): Promise<void> {
    return this.repository.markMasked(tenant_id, _id);
  }

  /** E.164 for a phone number; short codes and alphanumeric senders unchanged. */
  private async numberReader(tenant: TenantId): Promise<(typed: string) => string> {
    const rules = numberRules(await this.settings.get(tenant));
    return (typed) => parseSender(typed, rules);
  }
}

function hashOf(...parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('base64url');
}
