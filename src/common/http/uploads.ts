import type { Multipart } from '@fastify/multipart';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { ApiError, invalidField } from '../errors.js';
import { wrongKindOfBody } from './body-errors.js';
import { bodyRulesOf } from './route-bodies.js';

const FILE_PART = 'file';

export interface Upload {
  isForm: boolean;
  /** The fields of the form that were read: those before the file, and after `finish` all of them. */
  fields: Record<string, string>;
  bytes: AsyncIterable<Buffer>;
  /** Called at the end of the bytes: reads what follows the file. */
  finish(): Promise<void>;
}

/** Opens the upload. The handler's parameter is a function, so that nothing is read before the caller's permission is checked. */
export const UploadedFile = createParamDecorator((_: unknown, context: ExecutionContext): (() => Promise<Upload>) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return () => openUpload(request);
});

async function openUpload(request: FastifyRequest): Promise<Upload> {
  if (request.isMultipart()) return openForm(request);
  if (request.headers['content-type'] === undefined) throw wrongKindOfBody(bodyRulesOf(request));
  // Leaving the loop early must not close the connection, because the answer still has to be sent on it.
  const bytes = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  return { isForm: false, fields: {}, bytes: unbroken(bytes), finish: () => Promise.resolve() };
}

async function openForm(request: FastifyRequest): Promise<Upload> {
  const parts = request.parts()[Symbol.asyncIterator]();
  const fields: Record<string, string> = {};
  const file = await nextFile(parts, fields);
  if (!file) throw invalidField(FILE_PART, 'is required: send the file in a part of the form with this name');
  const finish = async () => {
    if (await nextFile(parts, fields)) throw invalidField(FILE_PART, 'occurs twice in the form');
  };
  return { isForm: true, fields, bytes: unbroken(file.iterator() as AsyncIterable<Buffer>), finish };
}

/** Reads the fields up to the next file; undefined at the end of the form. */
async function nextFile(
  parts: AsyncIterator<Multipart>,
  fields: Record<string, string>,
): Promise<Readable | undefined> {
  for (;;) {
    const { value: part, done } = await readable(parts.next());
    if (done) return undefined;
    if (part.type === 'file') {
      part.file.on('error', () => undefined);
      if (part.fieldname !== FILE_PART)
        throw invalidField(part.fieldname, `is not a file; the part with the file must be named ${FILE_PART}`);
      return part.file;
    }
    // A field with the name of the file's part, but without a file name.
    if (part.fieldname === FILE_PART) throw invalidField(FILE_PART, 'must be a file, with a file name');
    if (part.valueTruncated || part.fieldnameTruncated) throw invalidField(part.fieldname, 'is too long');
    if (Object.hasOwn(fields, part.fieldname)) throw invalidField(part.fieldname, 'occurs twice in the form');
    const value = String(part.value);
    // The library puts it in place of bytes that are not UTF-8.
    if (value.includes('\ufffd')) throw invalidField(part.fieldname, 'is not UTF-8');
    fields[part.fieldname] = value;
  }
}

async function* unbroken(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await readable(iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** An error of the transport is the sender's error (400), whatever the library reports. */
async function readable<T>(next: Promise<T>): Promise<T> {
  try {
    return await next;
  } catch (error) {
    const { message } = error as Error;
    throw new ApiError(
      400,
      'broken_upload',
      `The upload was cut off or is not a readable form: ${message.slice(0, 200)}`,
    );
  }
}
