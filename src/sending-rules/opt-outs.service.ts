import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { ApiError, invalidField } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber, parseSender } from '../domain/phone-number.js';
import { plusOfQuery } from '../domain/typed-number.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import { optOutKey, recipientOf, showOptOut, type OptOutSource } from './opt-out.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsRepository } from './opt-outs.repository.js';

type Shown = ReturnType<typeof showOptOut>;

/** Opt-outs as people and client applications see and change them. */
@Injectable()
export class OptOutsService {
  constructor(
    private readonly repository: OptOutsRepository,
    private readonly optOuts: OptOuts,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  async list(
    { tenant }: Principal,
    filter: { number?: string | undefined; sender?: string | undefined; source?: OptOutSource | undefined },
    page: Page,
  ): Promise<List<Shown>> {
    const read = await this.numberReader(tenant);
    const recipient =
      filter.number === undefined ? undefined : recipientOf(tenant, 'sms', read.number(plusOfQuery(filter.number)))!;
    const sender = filter.sender === undefined ? undefined : read.sender(plusOfQuery(filter.sender));
    const where = { recipient, sender, source: filter.source };
    const rows = await this.repository.list(tenant, where, page.limit, page.skip, cursorId(page));
    return listOf(
      rows.map((row) => ({ ...row, _id: row.opt_out_id })),
      page,
      showOptOut,
    );
  }

  /** One that is there already stays as it is. */
  async add(
    caller: Principal,
    typed: { number: string; reason?: string | undefined; sender?: string | undefined },
  ): Promise<{ isNew: boolean; optOut: Shown }> {
    const { tenant } = caller;
    const read = await this.numberReader(tenant);
    const number = read.number(typed.number);
    const sender = typed.sender === undefined ? null : read.sender(typed.sender);
    const optOut = { number, sender, source: 'admin', reason: typed.reason } as const;
    const [isNew = false] = await this.optOuts.add(tenant, [optOut]);
    if (isNew) await this.audit.record(caller, 'ADD_OPT_OUT', { number, sender, reason: typed.reason ?? null });
    await this.optOuts.failWaiting(tenant, number);
    const [stored] = await this.repository.byKeys(tenant, [optOutKey(recipientOf(tenant, 'sms', number)!, sender)]);
    // Somebody may have removed it in the same moment.
    if (!stored) throw unknown(number);
    return { isNew, optOut: showOptOut(stored) };
  }

  /** Without a sender, every one of the number. @throws ApiError 404 when there is none. */
  async remove(caller: User, typedNumber: string, typedSender: string | undefined): Promise<{ removed: number }> {
    const read = await this.numberReader(caller.tenant);
    const number = read.number(typedNumber);
    const sender = typedSender === undefined ? null : read.sender(plusOfQuery(typedSender));
    const removed = await this.optOuts.remove(caller.tenant, number, typedSender === undefined ? 'all' : [sender]);
    if (removed === 0) throw unknown(number);
    await this.audit.record(caller, 'REMOVE_OPT_OUT', { number, sender, removed });
    return { removed };
  }

  /** Reads what people type. @throws ApiError 400 that names the field. */
  private async numberReader(tenant: TenantId) {
    const rules = numberRules(await this.settings.get(tenant), { anyPossible: true });
    return {
      number(typed: string): string {
        const parsed = parsePhoneNumber(typed, rules);
        if ('problem' in parsed) throw invalidField('number', parsed.problem);
        return parsed.e164;
      },
      sender: (typed: string): string => parseSender(typed, rules),
    };
  }
}

function unknown(number: string): ApiError {
  return new ApiError(404, 'opt_out_not_found', `There is no opt-out of ${number}. See GET /opt-outs?number=.`);
}
