import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { invalid, invalidField, type ErrorDetail } from '../common/errors.js';
import { parseTimestamp } from '../domain/time.js';
import { StatusReports, type StatusReport } from '../messages/status-reports.js';
import type { AgentPrincipal } from './agent.authenticator.js';
import type { ReportedMessageDto } from './dto/report-messages.dto.js';

@Injectable()
export class StatusReportsService {
  constructor(
    private readonly reports: StatusReports,
    private readonly audit: AuditService,
  ) {}

  async apply(caller: AgentPrincipal, messages: readonly ReportedMessageDto[]) {
    if (messages.length === 0) throw invalidField('messages', 'messages required');
    return this.take(caller, read(messages));
  }

  /** The same, already read. */
  async take(caller: AgentPrincipal, messages: readonly StatusReport[]) {
    const results = await this.reports.apply(caller.tenant, caller.id, messages);
    const updated = results.filter(({ result }) => result === 'updated').length;
    this.audit.recordSoon(caller, 'AGENT_REPORT_RESULTS', { updated, reported: messages.length });
    return { updated, results };
  }
}

function read(messages: readonly ReportedMessageDto[]): StatusReport[] {
  const problems: ErrorDetail[] = [];
  const reports = messages.map(({ message_id, status, error, reported_at, lease_id }, i) => {
    const at = reported_at ? parseTimestamp(reported_at) : undefined;
    if (at === null)
      problems.push({ field: `messages.${i}.reported_at`, message: 'must be a date such as 2026-11-21T10:00:00Z' });
    const code = error?.code === undefined || error.code === null ? null : String(error.code);
    return {
      message_id,
      status,
      lease_id,
      error: error ? { code, message: error.message } : null,
      reported_at: at ?? undefined,
    };
  });
  if (problems.length > 0) throw invalid(problems);
  return reports;
}
