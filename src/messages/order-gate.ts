import { Injectable } from '@nestjs/common';
import { later } from '../domain/time.js';
import type { Head } from './candidate.js';
import { Gates, type Gate, type Verdict } from './gates.js';
import { QueueRepository } from './queue.repository.js';

const AGAIN_MILLIS = 1000;

/**
 * A message that follows another waits until that one has left, or never will. A phone sends in the order in which it takes, so it may
 * take both at once; a carrier is called for several at the same time.
 */
@Injectable()
export class OrderGate implements Gate {
  readonly name = 'order';

  constructor(
    gates: Gates,
    private readonly queues: QueueRepository,
  ) {
    gates.register(this);
  }

  async judge(heads: readonly Head[], now: Date): Promise<Verdict[]> {
    const followed = [...new Set(heads.flatMap(({ follows }) => follows ?? []))];
    if (followed.length === 0) return heads.map(() => 'pass');
    const earlier = new Map((await this.queues.waitingOf(followed)).map((message) => [message._id, message]));
    const seen = new Set<string>();
    return heads.map(({ _id, follows, route }) => {
      seen.add(_id);
      const before = follows ? earlier.get(follows) : undefined;
      if (!before || (route.startsWith('agent:') && seen.has(follows!))) return 'pass';
      const again = later(now, AGAIN_MILLIS);
      const until = before.due_at && before.due_at > again ? before.due_at : again;
      return { until: before.status === 'PENDING' ? until : again, note: 'an earlier text of the conversation waits' };
    });
  }
}
