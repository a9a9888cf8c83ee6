import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { busy, type ApiError } from '../errors.js';
import { bodyTooSlow } from './body-errors.js';
import { bodyRulesOf, bringsBody } from './route-bodies.js';
import type { BodyRules } from './route-takes.js';

const EVERY_MILLIS = 5000;
const STOPPING_MILLIS = 5000;
/** Time for a caller that is cut off to read the reason. */
const LINGER_MILLIS = 1000;

interface Unfinished {
  reply: FastifyReply;
  rules: BodyRules;
  /** When the body began; for a stream, when it last made progress. */
  since: number;
  bytes: number;
}

/**
 * A body must arrive within the time of its route; a stream must make progress within it. When the gateway stops, both have five more
 * seconds. Node's own time-out is the same for all routes, and would cut off long uploads.
 */
@Injectable()
export class BodyWatch implements BeforeApplicationShutdown {
  private readonly open = new Map<FastifyRequest, Unfinished>();

  watch(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (!request.raw.complete && bringsBody(request)) this.add(request, reply);
      done(null, payload);
    });
    fastify.addHook('preValidation', (request, _reply, done) => {
      if (this.open.get(request)?.rules.streams === false) this.open.delete(request);
      done();
    });
    const timer = setInterval(() => this.sweep(performance.now()), EVERY_MILLIS).unref();
    fastify.addHook('onClose', (_fastify, done) => {
      clearInterval(timer);
      done();
    });
  }

  /** Cuts off the bodies that have taken too long at `now`, in milliseconds of `performance.now()`. */
  sweep(now: number): void {
    for (const [request, unfinished] of this.open) {
      const { raw } = request;
      const bytes = raw.socket.bytesRead;
      if (raw.complete) this.open.delete(request);
      // Bytes that have arrived and aren't read yet wait for the gateway, not for the sender.
      else if (unfinished.rules.streams && (bytes > unfinished.bytes || raw.readableLength > 0))
        Object.assign(unfinished, { bytes, since: now });
      else if (now - unfinished.since > unfinished.rules.seconds * 1000) this.cut(request, bodyTooSlow());
    }
  }

  beforeApplicationShutdown(): void {
    setTimeout(() => {
      for (const request of this.open.keys())
        this.cut(request, busy('The gateway is stopping. Send the request again.', 5));
    }, STOPPING_MILLIS).unref();
  }

  private add(request: FastifyRequest, reply: FastifyReply): void {
    const { bytesRead: bytes } = request.raw.socket;
    this.open.set(request, { reply, rules: bodyRulesOf(request), since: performance.now(), bytes });
    reply.raw.once('close', () => this.open.delete(request));
  }

  private cut(request: FastifyRequest, error: ApiError): void {
    const { raw } = request;
    const { reply, rules } = this.open.get(request)!;
    this.open.delete(request);
    // The reader of the body sends the answer; a client that only sends needs no other.
    if (rules.streams || raw.listenerCount('error') === 0) return void raw.socket.destroy();
    reply.raw.once('finish', () => setTimeout(() => raw.socket.destroy(), LINGER_MILLIS).unref());
    raw.emit('error', error);
  }
}
