import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, busy } from '../errors.js';
import { takesFile } from './uploads.js';

const EVERY_MILLIS = 5000;
const PATIENCE_MILLIS = 60_000;
const STOPPING_MILLIS = 5000;
/** So that a caller who is cut off can read why. */
const LINGER_MILLIS = 1000;

interface Unfinished {
  reply: FastifyReply;
  isUpload: boolean;
  /** Of the body; of an upload, of the last progress. */
  since: number;
  bytes: number;
}

/**
 * A body has a minute, and a file a minute without progress; a stop leaves either five seconds more. Node's own time-out is one for all
 * routes, and would cut long uploads.
 */
@Injectable()
export class BodyWatch implements BeforeApplicationShutdown {
  private readonly open = new Map<FastifyRequest, Unfinished>();

  watch(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (!request.raw.complete && hasBody(request)) this.add(request, reply);
      done(null, payload);
    });
    fastify.addHook('preValidation', (request, _reply, done) => {
      if (!takesFile(request)) this.open.delete(request);
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
      else if (unfinished.isUpload && (bytes > unfinished.bytes || raw.readableLength > 0))
        Object.assign(unfinished, { bytes, since: now });
      else if (now - unfinished.since > PATIENCE_MILLIS)
        this.cut(
          request,
          new ApiError(408, 'body_timeout', 'The body took too long to arrive. Send the request again.'),
        );
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
    this.open.set(request, { reply, isUpload: takesFile(request), since: performance.now(), bytes });
    reply.raw.once('close', () => this.open.delete(request));
  }

  private cut(request: FastifyRequest, error: ApiError): void {
    const { raw } = request;
    const { reply, isUpload } = this.open.get(request)!;
    this.open.delete(request);
    // Who reads the body answers; nothing else is to be told to who only sends.
    if (isUpload || raw.listenerCount('error') === 0) return void raw.socket.destroy();
    reply.raw.once('finish', () => setTimeout(() => raw.socket.destroy(), LINGER_MILLIS).unref());
    raw.emit('error', error);
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
