import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { tooMany } from '../errors.js';

export const LARGE_BYTES = 256 * 1024;
/** Of one caller. Each holds its bytes, so more of them come again later. */
const MOST_WAITING = 4;

/**
 * Large bodies go one at a time for each caller, from parsing to the answer: who sends many at once waits for themselves, and not
 * everybody for them. Between two of them whatever else is waiting gets its turn.
 */
export class LargeBodies {
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly answers = new WeakMap<FastifyRequest, ServerResponse>();

  constructor(fastify: FastifyInstance) {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (!(Number(request.headers['content-length']) <= LARGE_BYTES)) this.answers.set(request, reply.raw);
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
      setImmediate(parse);
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
          'Several large requests of yours are being read. Send the next when one is answered.',
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
