import type { ErrorDetail } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import type { TextEncoding } from '../domain/gsm7.js';
import type { Priority } from '../domain/priority.js';

/** One message of a request as it was accepted: enough to write the message again, whatever happened. */
export interface Recipient {
  to: string;
  /** Its own, on top of the request's; only those that the template names. */
  variables?: Record<string, string>;
  priority: Priority;
  schedule_at?: Date;
  sim_slot?: number;
  client_reference?: string;
  /** A text that was sent lately: stored as CANCELED. */
  duplicate?: true;
  /** Wants no more texts: stored as FAILED. */
  opted_out?: true;
}

/**
 * The intent log of acceptance and its commit point. While `expanded` is false, its messages may not all be there yet and
 * `recipients` holds what they are made from; afterwards the payload is gone.
 */
export interface RequestDoc {
  _id: string;
  tenant_id: TenantId;
  /** Stands where a request would, so that one given up for dead can't commit any more. */
  tombstone?: true;
  client_id: string;
  template_id: string | null;
  /** The template's content at acceptance, or the free text. */
  content?: string;
  is_template: boolean;
  /** Absent: auto. */
  encoding?: TextEncoding;
  /** Values for all messages, kept once: copied to 5,000 recipients they would outgrow a document. */
  variables?: Record<string, string>;
  agent_id: string | null;
  route: string;
  /** Absent: sms. */
  channel?: Channel;
  /** Phones of the route that were online when it was accepted; absent for carriers, and in requests of older gateways. */
  phones_online?: number;
  metadata: Record<string, unknown> | null;
  /** When the last of its messages expires. */
  expires_at: Date;
  /** How long each message lives after its own time; null: all of them until `expires_at`. */
  ttl_seconds: number | null;
  resend_of: string | null;
  /** What was taken, but may not have been meant: a schedule_at of last year. */
  warnings?: readonly ErrorDetail[];
  /** Its template is exempt. */
  ignores_opt_outs?: true;
  total_created: number;
  total_skipped: number;
  /** Absent in requests of older gateways. */
  total_opted_out?: number;
  total_segments: number;
  expanded: boolean;
  recipients?: Recipient[];
  /** It was never expanded, its time was over, and its texts were taken away: `expanded` is true then, for nothing can be. */
  text_blanked_at?: Date;
  /** Recovery couldn't expand it and leaves it alone. */
  parked?: true;
  /** The day's counter that holds its share until it is expanded; null when nobody limits the submitter. */
  counter_id: string | null;
  /** The same for the tenant's count of texts abroad; `skipped`: those of them that were duplicates. */
  abroad?: { counter_id: string; skipped: number };
  /** The time that its id carries, so that a range of ids is a range of times: for its messages' ids too. */
  created_at: Date;
  purge_at?: Date;
}

/** The answer of POST /requests; the same for every repetition under one Idempotency-Key. */
export function showAccepted(request: RequestDoc) {
  return {
    request_id: request._id,
    agent_id: request.agent_id,
    route: request.route,
    ...(request.channel ? { channel: request.channel } : {}),
    ...(request.phones_online === undefined ? {} : { phones_online: request.phones_online }),
    template_id: request.template_id,
    total_created: request.total_created,
    total_skipped: request.total_skipped,
    total_opted_out: request.total_opted_out ?? 0,
    total_segments: request.total_segments,
    expires_at: request.expires_at,
    created_at: request.created_at,
    ...(request.resend_of ? { resend_of: request.resend_of } : {}),
    ...(request.warnings ? { warnings: request.warnings } : {}),
  };
}

export type AcceptedRequest = ReturnType<typeof showAccepted>;

export function showRequest(request: RequestDoc) {
  return { ...showAccepted(request), client_id: request.client_id, metadata: request.metadata };
}
