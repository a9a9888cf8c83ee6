import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { invalidField } from '../common/errors.js';
import { StatusReports, type StatusReport } from '../messages/status-reports.js';
import type { AgentPrincipal } from './agent.authenticator.js';
import { readReport } from './told-reports.js';

@Injectable()
export class StatusReportsService {
  constructor(
    private readonly reports: StatusReports,
    private readonly audit: AuditService,
  ) {}

  /** Results stand in the order of the entries. An entry that can't be read keeps no other from being taken. */
  async apply(caller: AgentPrincipal, messages: readonly unknown[]) {
    if (messages.length === 0) throw invalidField('messages', 'messages required');
    const entries = messages.map(readReport);
    const readable = entries.flatMap((entry) => ('report' in entry ? [entry.report] : []));
    const { updated, results } = await this.take(caller, readable);
    const next = results[Symbol.iterator]();
    return {
      updated,
      results: entries.map((entry) =>
        'report' in entry ? { ...next.next().value!, ...ignoredIn(entry.ignored) } : entry,
      ),
    };
  }

  /** The same, already read. */
  async take(caller: AgentPrincipal, messages: readonly StatusReport[]) {
    if (messages.length === 0) return { updated: 0, results: [] };
    const results = await this.reports.apply(caller.tenant, caller.id, messages);
    const updated = results.filter(({ result }) => result === 'updated').length;
    this.audit.recordSoon(caller, 'AGENT_REPORT_RESULTS', { updated, reported: messages.length });
    return { updated, results };
  }
}

function ignoredIn(fields: readonly string[]) {
  return fields.length > 0 ? { ignored: fields } : {};
}
