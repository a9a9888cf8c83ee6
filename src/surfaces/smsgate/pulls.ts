import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** What a pull was answered: how many messages were leased by it, and whether the phone has as many as it takes. */
export interface Served {
  served: number;
  leased: number;
  isFull: boolean;
}

/** No longer may a pull that doesn't end keep a phone from being told. */
const MOST_MILLIS = 10_000;

/** The pulls of phones at this gateway, for the streams of the same phones. */
@Injectable()
export class Pulls {
  private readonly underWay = new Map<string, Set<number>>();
  private readonly followers = new Map<string, Set<(served: Served | null) => void>>();

  /** Until the answer is written or the phone has hung up; answers how to tell what it was answered. */
  begin(agentId: string, answer: ServerResponse): (served: Served) => void {
    let served: Served | undefined;
    const began = performance.now();
    const ends = join(this.underWay, agentId, began);
    const ended = (): void => {
      ends();
      const answered = answer.writableFinished ? (served ?? null) : null;
      for (const heard of this.followers.get(agentId) ?? []) heard(answered);
    };
    if (answer.destroyed) ended();
    else answer.once('close', ended);
    return (what) => (served = what);
  }

  isUnderWay(agentId: string): boolean {
    const since = performance.now() - MOST_MILLIS;
    return [...(this.underWay.get(agentId) ?? [])].some((began) => began > since);
  }

  /** `heard` is told of each pull that ends, of what it was answered if the answer was written; answers how to end that. */
  follow(agentId: string, heard: (served: Served | null) => void): () => void {
    return join(this.followers, agentId, heard);
  }
}

function join<T>(all: Map<string, Set<T>>, key: string, one: T): () => void {
  const set = all.get(key) ?? new Set();
  all.set(key, set.add(one));
  return () => {
    set.delete(one);
    if (set.size === 0 && all.get(key) === set) all.delete(key);
  };
}
