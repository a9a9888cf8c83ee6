import type { AuditDoc } from './audit-log.js';

/** Lines of a tenant and an action in one minute; what else there is shares one more. */
const MOST = 20;

export type CountedLine = Pick<AuditDoc, 'tenant_id' | 'actor_id' | 'action' | 'data'>;

/**
 * Lines for what a stranger can make happen as often as they like: alike ones of one minute are one line that says how often, so that a
 * log is never filled, and never hides what else is in it.
 */
export class CountedLines {
  private minute = 0;
  private readonly lines = new Map<string, AuditDoc>();
  private readonly opened = new Map<string, number>();

  /** The line that counts this one, with its count raised. `make` makes a new one. */
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
