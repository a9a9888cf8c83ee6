import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { busy, type ApiError } from '../errors.js';
import { bodyTooSlow } from './body-errors.js';
import { bodyRulesOf, bringsBody } from './route-bodies.js';
import type { BodyRules } from './route-takes.js';

const EVERY_MILLIS = 5000;
const STOPPING_MILLIS = 5000;
/** So that a caller who is cut off can read why. */
const LINGER_MILLIS = 1000;

interface Unfinished {
  reply: FastifyReply;
  rules: BodyRules;
  /** When the body began; of a stream, its last progress. */
  since: number;
  bytes: number;
}

/**
 * A body has the time that its route gives it, and a stream as long without progress; a stop leaves either five seconds more. Node's own
 * time-out is one for all routes, and would cut long uploads.
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

  /** Cuts what took too long at `now`, in milliseconds of `performance.now()`. */
  sweep(now: number): void {
    for (const [request, unfinished] of this.open) {
      const { raw } = request;
      const bytes = raw.socket.bytesRead;
      if (raw.complete) this.open.delete(request);
      // What has arrived and isn't read yet waits for us and not for the sender.
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
    // Who reads the body answers; nothing else is to be told to who only sends.
    if (rules.streams || raw.listenerCount('error') === 0) return void raw.socket.destroy();
    reply.raw.once('finish', () => setTimeout(() => raw.socket.destroy(), LINGER_MILLIS).unref());
    raw.emit('error', error);
  }
}
