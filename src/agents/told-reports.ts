import { ApiError } from '../common/errors.js';
import { toldReader } from '../common/http/told.js';
import { parseTimestamp } from '../domain/time.js';
import type { StatusReport } from '../messages/status-reports.js';
import { ReportedMessageDto } from './dto/report-messages.dto.js';

export interface ReadReport {
  report: StatusReport;
  ignored: string[];
}
export interface InvalidReport {
  message_id: string | null;
  result: 'invalid';
  status: null;
  reason: string;
}

const read = toldReader(ReportedMessageDto, ['message_id', 'status']);
/** In place of null, which as a body would be a missing one. */
const NOTHING = false;
const LONGEST_ID = 100;

/** An entry of a phone's reports: that a text was sent must not be lost because of what else stands in the entry. */
export function readReport(entry: unknown): ReadReport | InvalidReport {
  try {
    const { told, ignored } = read(entry ?? NOTHING);
    const { message_id, status, error, reported_at, lease_id } = told;
    const at = reported_at ? parseTimestamp(reported_at) : undefined;
    if (at === null) ignored.push('reported_at');
    // Which lease it asks for decides whether it may send.
    if (status === 'SENDING' && ignored.includes('lease_id'))
      return invalid(entry, 'lease_id: must be the lease that the message came with');
    const code = error?.code === undefined || error.code === null ? null : String(error.code);
    const report = {
      message_id,
      status,
      lease_id,
      error: error ? { code, message: error.message } : null,
      reported_at: at ?? undefined,
    };
    return { report, ignored };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return invalid(entry, error.message);
  }
}

function invalid(entry: unknown, reason: string): InvalidReport {
  const { message_id: id } = (entry ?? {}) as { message_id?: unknown };
  return {
    message_id: typeof id === 'string' ? id.slice(0, LONGEST_ID) : null,
    result: 'invalid',
    status: null,
    reason,
  };
}
