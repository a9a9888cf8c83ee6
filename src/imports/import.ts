import type { Submitter } from '../messages/messages.service.js';
import type { TenantId } from '../common/tenant-id.js';
import type { CommonFields } from '../requests/preparation.js';
import type { NewMessageDto } from '../requests/dto/new-message.dto.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import type { BadLine } from './line-reader.js';

/**
 * staging: its file is being read, and no caller can see the import yet. waiting: the day's limit is reached; it continues by itself.
 * failed: nothing more is sent; messages that were already sent stay sent.
 */
export type ImportStatus = 'staging' | 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'canceled';
/** Statuses in which something is still to be sent. */
export const OPEN = ['queued', 'running', 'waiting'] as const satisfies readonly ImportStatus[];
/** Final statuses: the import doesn't change any more. */
export const OVER = ['done', 'failed', 'canceled'] as const satisfies readonly ImportStatus[];

/** How long a chunk is kept at most: longer than any import needs it. It is usually deleted within a minute. */
export const KEEP_CHUNK_MILLIS = 35 * DAY_MILLIS;

export interface ImportDoc {
  _id: string;
  tenant_id: TenantId;
  client_id: string;
  /** The caller; their permissions are checked again for each chunk. */
  submitter: Submitter;
  status: ImportStatus;
  /** The fields of each of its requests, without the messages. */
  request: CommonFields;
  /** The template's version when the file was checked; a later version was not checked. */
  template_version: number | null;
  /** Absent when none was given; removed after a day. */
  idempotency_key?: string;
  key_until?: Date;
  /** Hash of the file and the parameters. */
  content_hash: string;
  chunks: number;
  /** How many chunks were submitted, which is also the number of the next chunk. */
  next_chunk: number;
  total_messages: number;
  total_segments: number;
  total_bad: number;
  /** The first hundred bad lines. */
  bad_lines: BadLine[];
  /** When its text and its bad lines were removed. */
  text_blanked_at?: Date;
  total_created: number;
  total_skipped: number;
  /** Absent in imports of older gateways. */
  total_opted_out?: number;
  request_ids: string[];
  reason: { code: string; message: string } | null;
  /** When the worker handles the import next: to continue it, or to remove an unfinished upload. Absent when the import is over. */
  due_at?: Date;
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
}

/** Lines of an import that wait to be submitted as one request. */
export interface ChunkDoc {
  _id: string;
  tenant_id: TenantId;
  messages: NewMessageDto[];
  purge_at: Date;
}

export function chunkId(importId: string, chunk: number): string {
  return `${importId}:${String(chunk).padStart(6, '0')}`;
}

/** The Idempotency-Key that a chunk is submitted under. */
export function chunkKey({ _id }: Pick<ImportDoc, '_id'>, chunk: number): string {
  return `${_id}:${chunk}`;
}

export function isOpen(doc: Pick<ImportDoc, 'status'> | null): boolean {
  return doc !== null && (OPEN as readonly ImportStatus[]).includes(doc.status);
}

/** True when nothing more will be sent: its status is final, or its lines have expired. */
export function isThrough({ status, created_at }: Pick<ImportDoc, 'status' | 'created_at'>, now: Date): boolean {
  return (OVER as readonly ImportStatus[]).includes(status) || created_at <= chunksGoneSince(now);
}

/** Lines of imports that were created at this time or earlier have expired. */
export function chunksGoneSince(now: Date): Date {
  return later(now, -KEEP_CHUNK_MILLIS);
}

export function showImport(doc: ImportDoc) {
  const { template_id = null, agent_id = null, route = null, schedule_at = null } = doc.request;
  return {
    import_id: doc._id,
    status: doc.status,
    reason: doc.reason,
    client_id: doc.client_id,
    template_id,
    agent_id,
    route: agent_id === null ? route : `agent:${agent_id}`,
    schedule_at,
    total_messages: doc.total_messages,
    total_segments: doc.total_segments,
    total_bad: doc.total_bad,
    bad_lines: doc.bad_lines,
    ...(doc.text_blanked_at ? { text_blanked_at: doc.text_blanked_at } : {}),
    total_created: doc.total_created,
    total_skipped: doc.total_skipped,
    total_opted_out: doc.total_opted_out ?? 0,
    request_ids: doc.request_ids,
    retry_at: doc.status === 'waiting' ? (doc.due_at ?? null) : null,
    created_at: doc.created_at,
    updated_at: doc.updated_at,
    finished_at: doc.finished_at,
  };
}
