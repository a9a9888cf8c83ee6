import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tooMany } from '../errors.js';

export const LARGE_BYTES = 256 * 1024;
/** Of one caller. Each holds its bytes, so more of them come again later. */
const MOST_WAITING = 4;
const REST = 2;

/**
 * Large bodies go one at a time for each caller, from parsing to the answer: who sends many at once waits for themselves, and not
 * everybody for them. After parsing one the gateway works twice as long at whatever else is waiting before it parses the next.
 */
export class LargeBodies {
  private readonly waiting = new Map<string, (() => void)[]>();
  /** Parsing, for all callers. */
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
      // Nobody is there any more to be answered.
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
