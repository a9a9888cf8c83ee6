import { setTimeout as sleep } from 'node:timers/promises';
import { messageId } from '../../src/common/ids.js';
import { Api, type Answer } from '../support/api.js';
import type { AcknowledgedRequest, Ledger, Text } from './ledger.js';
import type { Target } from './target.js';

const PAUSE_MILLIS = 40;

export interface Order {
  texts: readonly Text[];
  route: string;
  /** An Idempotency-Key. */
  key?: string;
  scheduleAt?: string;
  /** Nobody has ever asked for these texts: none may be taken for a duplicate at the first try. */
  isFresh?: boolean;
}

/** An application that sends, and sends the same again until it has an answer, whatever becomes of the gateway meanwhile. */
export class Client {
  constructor(
    private readonly headers: Record<string, string>,
    private readonly templateId: string,
    private readonly target: Target,
    private readonly ledger: Ledger,
    private readonly over: AbortSignal,
  ) {}

  /** Null when it was refused for good (the day is used up) or the chaos ended before an answer. */
  async submit(order: Order): Promise<AcknowledgedRequest | null> {
    const { texts, route, key, scheduleAt } = order;
    const body = {
      template_id: this.templateId,
      route,
      messages: texts.map(({ to, code }) => ({ to, variables: { CODE: code } })),
      ...(scheduleAt ? { schedule_at: scheduleAt } : {}),
      ...(key ? { metadata: { key } } : {}),
    };
    const { answer, tries } = await this.until('/requests', body, key ? { 'idempotency-key': key } : {});
    if (!answer || answer.body.code === 'daily_limit') return null;
    const { request_id: id, total_created: created, total_skipped: skipped } = answer.body;
    if (order.isFresh && tries === 1 && skipped > 0)
      this.ledger.complaints.push(`${skipped} texts of ${id} are duplicates at their first try`);
    const accepted = { id, texts, created, skipped };
    this.ledger.accept(accepted);
    return accepted;
  }

  /** Takes a request back that waits for its time, as a whole or its first message. */
  async cancel({ id, texts }: AcknowledgedRequest, whole: boolean): Promise<boolean> {
    const path = whole ? `/requests/${id}/cancel` : `/messages/${messageId(id, 0)}/cancel`;
    const { answer } = await this.until(path, undefined, {});
    if (!answer) return false;
    for (let i = 0; i < (whole ? texts.length : 1); i++) this.ledger.canceled.add(messageId(id, i));
    return true;
  }

  /** Until the gateway has said yes or no. A call that was cut off may have been heard: the same call again. */
  private async until(path: string, body: unknown, headers: Record<string, string>) {
    for (let tries = 1; !this.over.aborted; tries++) {
      const { url } = this.target;
      const answer = url && (await this.once(url, path, body, headers));
      if (answer && (answer.status < 300 || answer.body.code === 'daily_limit')) return { answer, tries };
      if (answer && answer.status !== 503 && answer.body.code !== 'idempotency_in_flight') {
        this.ledger.complaints.push(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return { answer: null, tries };
      }
      await sleep(PAUSE_MILLIS);
    }
    return { answer: null, tries: 0 };
  }

  private once(url: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer | undefined> {
    return new Api(url, { ...this.headers, ...headers }).call('POST', path, body).catch(() => undefined);
  }
}
