import type { AuditDoc } from './audit-log.js';

/** Most lines of one tenant and action in one minute; further events share one more line. */
const MOST = 20;

export type CountedLine = Pick<AuditDoc, 'tenant_id' | 'actor_id' | 'action' | 'data'>;

/**
 * Lines for events that a stranger can cause without limit: equal events of one minute share one line with a count, so that they never
 * fill the log or hide its other lines.
 */
export class CountedLines {
  private minute = 0;
  private readonly lines = new Map<string, AuditDoc>();
  private readonly opened = new Map<string, number>();

  /** Returns the line that counts this event, with its count incremented. `make` creates a new line. */
  count(one: CountedLine, minute: number, make: (line: CountedLine) => AuditDoc): AuditDoc {
    if (minute !== this.minute) {
      this.minute = minute;
      this.lines.clear();
      this.opened.clear();
    }
    const { tenant_id, actor_id, action, data } = one;
    const kind = JSON.stringify([tenant_id, action]);
    const own = JSON.stringify([tenant_id, action, actor_id, data]);
    const isFull = (this.opened.get(kind) ?? 0) >= MOST;
    const key = isFull && !this.lines.has(own) ? kind : own;
    let line = this.lines.get(key);
    if (!line) {
      line = make(key === own ? one : { ...one, actor_id: 'others', data: {} });
      this.lines.set(key, line);
      this.opened.set(kind, (this.opened.get(kind) ?? 0) + 1);
    }
    line.data = { ...line.data, times: Number(line.data['times'] ?? 0) + 1 };
    return line;
  }
}
