import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Readable } from 'node:stream';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import type { MessageDoc } from '../messages/message.js';
import { ownOf, type Submitter } from '../messages/messages.service.js';
import { fieldsOf, matches, planAnySearch, type Plan, type Position } from '../messages/search/plan.js';
import type { SearchTerms } from '../messages/search/search-terms.js';
import { SearchRepository } from '../messages/search/search.repository.js';
import type { NamedColumn } from './export-columns.js';
import type { ExportFormat } from './export-formats.js';

/** How many messages are read and written at a time: about 3 ms of the event loop. */
const PAGE = 400;

@Injectable()
export class ExportService implements BeforeApplicationShutdown {
  private readonly running = new Set<Readable>();

  constructor(
    private readonly repository: SearchRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * The caller's messages as text, oldest first, without those that are accepted after the export began. A page is read when the client
   * has received the pages before it; no page is read after the stream is destroyed.
   */
  async export(
    caller: Submitter,
    search: SearchTerms,
    columns: readonly NamedColumn[],
    format: ExportFormat,
  ): Promise<Readable> {
    const own = ownOf(caller, search);
    const before = search.before ?? new Date(this.clock.now().getTime() + 1);
    const plan: Plan | null = own && { ...planAnySearch({ ...own, before }), direction: 1 };
    await this.audit.recordFirst(caller, 'EXPORT_MESSAGES', {
      file: format.filename,
      columns: columns.map(({ name }) => name),
      filters: Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)),
    });
    const closed = new AbortController();
    const pages = plan ? this.pages(caller, plan, columns, closed.signal) : nothing();
    const stream = Readable.from(written(pages, format), { objectMode: false });
    this.running.add(stream);
    stream.once('close', () => {
      closed.abort();
      this.running.delete(stream);
    });
    return stream;
  }

  /** A gateway that stops doesn't wait for a slow client: the file is cut off, and the client can see that. */
  beforeApplicationShutdown(): void {
    for (const stream of this.running) stream.destroy(new Error('the gateway is stopping'));
  }

  private async *pages(
    { tenant }: Submitter,
    plan: Plan,
    columns: readonly NamedColumn[],
    closed: AbortSignal,
  ): AsyncGenerator<MessageDoc[]> {
    const wanted = [...columns.map(({ field }) => field), 'confidential', ...fieldsOf(plan)];
    const fields = [...new Set(wanted)].filter((field) => field !== '_id');
    let position: Position | undefined;
    do {
      const step = await this.repository.step(tenant, plan, PAGE, position, { fields });
      if (closed.aborted) return;
      position = step.next;
      yield plan.residual.length > 0 ? step.messages.filter((message) => matches(plan, message)) : step.messages;
    } while (position);
  }
}

async function* written(pages: AsyncIterable<MessageDoc[]>, format: ExportFormat): AsyncGenerator<string> {
  if (format.begin) yield format.begin;
  for await (const page of pages) if (page.length > 0) yield format.page(page);
}

async function* nothing(): AsyncGenerator<never> {}
