import { isUnconfirmed } from '../../domain/expiry.js';
import type { MessageStatus } from '../../domain/message-status.js';
import type { MessageDoc } from '../message.js';

/** The fields of a message that a report reads. */
export const COUNTED_FIELDS = [
  'status',
  'last_error',
  'template_id',
  'agent_id',
  'client_id',
  'route',
  'segments',
  'delivery',
  'carrier',
] as const;
export type CountedRow = Pick<MessageDoc, '_id' | (typeof COUNTED_FIELDS)[number]>;

/** The messages of one bucket that are equal in every field that reports group by. */
export interface CountCell {
  template_id: string | null;
  agent_id: string | null;
  client_id: string;
  route: string;
  /** The carrier that took them; absent where none has. */
  carrier?: string;
  counts: Partial<Record<MessageStatus, number>>;
  segments: number;
  /** Segments of messages that reached the network, which are paid for. */
  segments_sent: number;
  undelivered: number;
  /** Among those that FAILED; absent in buckets that are older than this field. */
  confirmed_late?: number;
}

/** What the messages of one cell have in common. */
type Place = Pick<CountCell, 'template_id' | 'agent_id' | 'client_id' | 'route'> & { carrier?: string | undefined };

/** Whether a message with this status has reached the network. */
export function isSent(status: MessageStatus): boolean {
  return status === 'SENT' || status === 'DELIVERED';
}

/** Whether the message FAILED only because time ran out, and was later reported to have reached the network. */
function isConfirmedLate(row: CountedRow): boolean {
  return row.delivery !== undefined && row.delivery !== null && isUnconfirmed(row);
}

/** Cells while they are counted. */
export class CellSum {
  private readonly cells = new Map<string, CountCell>();

  addRow(row: CountedRow): void {
    const cell = this.cellOf({ ...row, carrier: row.carrier?.name });
    cell.counts[row.status] = (cell.counts[row.status] ?? 0) + 1;
    // Only an SMS has segments.
    cell.segments += row.segments ?? 0;
    const isLate = isConfirmedLate(row);
    if (isSent(row.status) || isLate) cell.segments_sent += row.segments ?? 0;
    if (isLate) cell.confirmed_late = (cell.confirmed_late ?? 0) + 1;
    if (row.delivery?.outcome === 'undelivered') cell.undelivered++;
  }

  addCell(other: CountCell): void {
    const cell = this.cellOf(other);
    for (const [status, count] of Object.entries(other.counts) as [MessageStatus, number][]) {
      cell.counts[status] = (cell.counts[status] ?? 0) + count;
    }
    cell.segments += other.segments;
    cell.segments_sent += other.segments_sent;
    cell.undelivered += other.undelivered;
    if (other.confirmed_late) cell.confirmed_late = (cell.confirmed_late ?? 0) + other.confirmed_late;
  }

  /** Sorted, so that equal counts give equal lists. */
  toCells(): CountCell[] {
    return [...this.cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  }

  private cellOf(like: Place): CountCell {
    const { template_id, agent_id, client_id, route, carrier } = like;
    const key = `${client_id}|${template_id}|${route}|${agent_id}|${carrier ?? ''}`;
    let cell = this.cells.get(key);
    if (!cell) {
      cell = { template_id, agent_id, client_id, route, counts: {}, segments: 0, segments_sent: 0, undelivered: 0 };
      if (carrier) cell.carrier = carrier;
      this.cells.set(key, cell);
    }
    return cell;
  }
}

/** Whether two buckets have the same counts, whatever the order of their fields. */
export function sameCells(a: readonly CountCell[], b: readonly CountCell[]): boolean {
  return plain(a) === plain(b);
}

function plain(cells: readonly CountCell[]): string {
  return JSON.stringify(
    cells.map((cell) => [
      [cell.template_id, cell.agent_id, cell.client_id, cell.route, cell.carrier ?? null],
      [cell.segments, cell.segments_sent, cell.undelivered, cell.confirmed_late ?? 0],
      Object.entries(cell.counts).sort(([x], [y]) => (x < y ? -1 : 1)),
    ]),
  );
}
