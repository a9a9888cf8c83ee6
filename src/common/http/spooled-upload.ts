import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MOST_FILE_BYTES, tooLarge } from '../csv/file-bytes.js';
import { StoreFailure } from '../store-failure.js';
import type { Upload } from './uploads.js';

/** Larger files wait on the disk. */
const IN_MEMORY_BYTES = 1024 * 1024;

export interface SpooledUpload extends Upload {
  /** Must be called, whether the bytes were read or not. */
  close(): Promise<void>;
}

/**
 * Reads an upload to its end, so that all fields of its form are known before its bytes are looked at. A large file waits in `folder`, or
 * in the system's one for temporary files, without a name: nothing is left of it when the process ends.
 */
export async function spoolUpload(upload: Upload, folder: string): Promise<SpooledUpload> {
  const pieces: Buffer[] = [];
  let file: FileHandle | undefined;
  let size = 0;
  try {
    for await (const piece of upload.bytes) {
      size += piece.length;
      if (size > MOST_FILE_BYTES) throw tooLarge(`The file is larger than ${MOST_FILE_BYTES} bytes. Split it.`);
      pieces.push(piece);
      if (size <= IN_MEMORY_BYTES) continue;
      file ??= await openUnnamed([folder, tmpdir()]);
      await write(file, Buffer.concat(pieces.splice(0)));
    }
    await upload.finish();
  } catch (error) {
    await file?.close();
    throw error;
  }
  const bytes = file ? file.createReadStream({ start: 0, autoClose: false }) : Readable.from(pieces);
  return { ...upload, bytes, finish: () => Promise.resolve(), close: async () => file?.close() };
}

async function openUnnamed(folders: readonly string[]): Promise<FileHandle> {
  let failure: unknown;
  for (const folder of folders) {
    const path = join(folder, `upload-${randomUUID()}`);
    try {
      const file = await open(path, 'wx+', 0o600);
      await unlink(path);
      return file;
    } catch (error) {
      failure = error;
    }
  }
  throw new StoreFailure('unavailable', failure);
}

async function write(file: FileHandle, bytes: Buffer): Promise<void> {
  try {
    await file.appendFile(bytes);
  } catch (error) {
    throw new StoreFailure((error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'full' : 'unavailable', error);
  }
}
