import type { MessageStatus } from '../../src/domain/message-status.js';

export interface Text {
  to: string;
  code: string;
}
export interface AcknowledgedRequest {
  id: string;
  texts: readonly Text[];
  created: number;
  skipped: number;
}

export function textKey({ to, code }: Text): string {
  return `${to} ${code}`;
}

const NONE: ReadonlySet<string> = new Set();

/** Everything that the gateway has answered: what it has to keep whatever happens to it. */
export class Ledger {
  readonly requests = new Map<string, AcknowledgedRequest>();
  /** Texts whose submission was answered, with any answer of success. */
  readonly accepted = new Set<string>();
  /** The status that the gateway last said a message has, after a report that it took. */
  readonly reported = new Map<string, MessageStatus>();
  /** Messages whose cancellation was answered. */
  readonly canceled = new Set<string>();
  /** Leases that reached a phone, by message. */
  private readonly leases = new Map<string, Set<string>>();
  /** Messages a day, by key. */
  readonly limits = new Map<string, number>();
  /** How often honest phones gave a message to the radio. */
  readonly sendings = new Map<string, number>();
  /** What the callers themselves saw go wrong. */
  readonly complaints: string[] = [];

  leasesOf(messageId: string): ReadonlySet<string> {
    return this.leases.get(messageId) ?? NONE;
  }
  get leaseCount(): number {
    return [...this.leases.values()].reduce((sum, leases) => sum + leases.size, 0);
  }
  handOut(messageId: string, leaseId: string): void {
    const leases = this.leases.get(messageId);
    if (leases?.has(leaseId)) this.complaints.push(`lease ${leaseId} was handed out twice`);
    this.leases.set(messageId, new Set(leases).add(leaseId));
  }

  accept(request: AcknowledgedRequest): void {
    this.requests.set(request.id, request);
    for (const text of request.texts) this.accepted.add(textKey(text));
  }
}
