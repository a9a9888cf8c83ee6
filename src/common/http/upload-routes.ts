import multipart, { type FastifyMultipartOptions } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest, onResponseHookHandler } from 'fastify';
import { CSV_TYPES } from './body-kinds.js';

/** How long a refused client may go on sending before it is cut off, so that it can read the answer. */
const LINGER_MILLIS = 1000;

/** Adds `multipart/form-data` and the types of CSV files to the routes that take an `upload`. Must be called before the first route is registered. */
export async function useUploads(fastify: FastifyInstance): Promise<void> {
  const limits = { files: 1, fields: 40, fieldSize: 64 * 1024, fieldNameSize: 100, fileSize: Number.MAX_SAFE_INTEGER };
  const ofLibrary = await registerAside(fastify, { limits, throwFileSizeLimit: false });
  // A pattern, because the framework has a parser of its own for text/plain until it is removed.
  const csv = new RegExp(`^(?:${['text/csv', ...CSV_TYPES].join('|').replaceAll('.', '\\.')})`);
  fastify.addContentTypeParser(csv, (_request, payload, done) => done(null, payload));
  fastify.addHook('onRoute', (route) => {
    if (!route.config?.bodyRules?.streams) return;
    const onResponse: onResponseHookHandler = (request, _reply, done) => {
      stopReading(request);
      done();
    };
    for (const [name, hook] of [...ofLibrary, ['onResponse', onResponse] as const])
      route[name] = [route[name] ?? [], hook].flat() as never;
  });
}

type Hook = readonly [name: 'onRequest' | 'onResponse', hook: never];

/**
 * The library's hooks clean up saved files, a feature that isn't used here; they cost two promises for each call of every route: 3 us,
 * where a call of bare Fastify takes 20. So the hooks are collected, and the caller adds them only to the routes that need them.
 */
async function registerAside(fastify: FastifyInstance, options: FastifyMultipartOptions): Promise<Hook[]> {
  const hooks: Hook[] = [];
  const aside = Object.create(fastify, {
    addHook: { value: (...hook: Hook) => void hooks.push(hook) },
  }) as FastifyInstance;
  await new Promise<void>((resolve, reject) =>
    multipart(aside, options, (error) => (error ? reject(error) : resolve())),
  );
  return hooks;
}

/** Discards the rest of a refused upload, and after a moment stops reading it. */
function stopReading({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return;
  raw.unpipe();
  raw.on('error', () => undefined);
  raw.resume();
  const cut = setTimeout(() => raw.complete || raw.socket.destroy(), LINGER_MILLIS).unref();
  raw.once('close', () => clearTimeout(cut));
}
