import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tooMany } from '../errors.js';

export const LARGE_BYTES = 256 * 1024;
/** Large bodies per caller. Each keeps its bytes in memory, so further ones are refused and must be sent again later. */
const MOST_WAITING = 4;
const REST = 2;

/**
 * Handles one large body per caller at a time, from parsing to the answer: a caller that sends many at once delays only itself. After
 * parsing one, the gateway does other waiting work for twice as long before it parses the next.
 */
export class LargeBodies {
  private readonly waiting = new Map<string, (() => void)[]>();
  /** The queue for parsing, shared by all callers. */
  private line: Promise<void> = Promise.resolve();
  private readonly answers = new WeakMap<FastifyRequest, ServerResponse>();

  constructor(fastify: FastifyInstance) {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (mayBeLarge(request)) this.answers.set(request, reply.raw);
      done(null, payload);
    });
  }

  takeTurn(request: FastifyRequest, parse: () => void, refuse: (error: Error) => void): void {
    const caller = (request as { principal?: { id: string } }).principal?.id ?? request.ip;
    const begin = (): void => {
      const answer = this.answers.get(request);
      // The caller has disconnected, so there is nobody to answer.
      if (!answer || answer.destroyed) return this.next(caller);
      answer.once('close', () => this.next(caller));
      this.line = this.line.then(() => parseAndRest(parse));
    };
    const queue = this.waiting.get(caller);
    if (!queue) {
      this.waiting.set(caller, []);
      begin();
    } else if (queue.length < MOST_WAITING) queue.push(begin);
    else
      refuse(
        tooMany(
          'large_bodies',
          'The gateway is still reading several large requests of yours. Send the next one when one of them is answered.',
          1,
        ),
      );
  }

  private next(caller: string): void {
    const following = this.waiting.get(caller)?.shift();
    if (following) following();
    else this.waiting.delete(caller);
  }
}

async function parseAndRest(parse: () => void): Promise<void> {
  const began = performance.now();
  parse();
  await sleep(REST * (performance.now() - began));
}

function mayBeLarge({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > LARGE_BYTES;
}
