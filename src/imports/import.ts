import type { Submitter } from '../messages/messages.service.js';
import type { TenantId } from '../common/tenant-id.js';
import type { CommonFields } from '../requests/preparation.js';
import type { NewMessageDto } from '../requests/dto/new-message.dto.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import type { BadLine } from './line-reader.js';

/**
 * staging: its file is being read, and it doesn't exist yet for anybody. waiting: the day's limit is reached, and it goes on by itself.
 * failed: nothing more of it is sent; what was sent till then stays sent.
 */
export type ImportStatus = 'staging' | 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'canceled';
/** Statuses in which something is still to be sent. */
export const OPEN = ['queued', 'running', 'waiting'] as const satisfies readonly ImportStatus[];
/** Statuses in which nothing of it changes any more. */
export const OVER = ['done', 'failed', 'canceled'] as const satisfies readonly ImportStatus[];

/** A chunk outlives every import that may still need it; it is usually gone in a minute. */
export const KEEP_CHUNK_MILLIS = 35 * DAY_MILLIS;

export interface ImportDoc {
  _id: string;
  tenant_id: TenantId;
  client_id: string;
  /** Who it is sent for; what they may do is asked anew for each chunk. */
  submitter: Submitter;
  status: ImportStatus;
  /** What each of its requests says besides the messages. */
  request: CommonFields;
  /** Of the template when the file was checked: another text was not. */
  template_version: number | null;
  /** Absent when none was given; given up after a day. */
  idempotency_key?: string;
  key_until?: Date;
  /** Of the file and the parameters. */
  content_hash: string;
  chunks: number;
  /** How many were submitted, which is also the next one's number. */
  next_chunk: number;
  total_messages: number;
  total_segments: number;
  total_bad: number;
  /** The first hundred. */
  bad_lines: BadLine[];
  /** When its text and its bad lines were removed. */
  text_blanked_at?: Date;
  total_created: number;
  total_skipped: number;
  request_ids: string[];
  reason: { code: string; message: string } | null;
  /** When the worker is to look at it: to go on, or to clear away what was never finished. Absent when it is over. */
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

/** Nothing of it will be sent any more, as its status says or because its lines are gone. */
export function isThrough({ status, created_at }: Pick<ImportDoc, 'status' | 'created_at'>, now: Date): boolean {
  return (OVER as readonly ImportStatus[]).includes(status) || created_at <= chunksGoneSince(now);
}

/** The lines of what was made at this time or before have expired. */
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
    request_ids: doc.request_ids,
    retry_at: doc.status === 'waiting' ? (doc.due_at ?? null) : null,
    created_at: doc.created_at,
    updated_at: doc.updated_at,
    finished_at: doc.finished_at,
  };
}
