import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlActions, type ControlCall } from '../control/control-actions.js';
import { HeldFileRepository } from './held-file.repository.js';

/** A limit, so that a command that hangs doesn't let the log grow for ever. */
const LONGEST_MILLIS = 30 * 60_000;

export const HOLD_FILE = 'hold-file';
export const RELEASE_FILE = 'release-file';

/**
 * Keeps the store's file unchanged while a command copies it. The call `hold-file` returns the hold's id and lasts as long as the hold:
 * until the caller's connection closes, `release-file` is called, or half an hour is over. A copy is complete only if `release-file`
 * confirms it.
 */
@Injectable()
export class FileHold {
  #held: { id: string; release: () => void } | undefined;

  constructor(
    private readonly file: HeldFileRepository,
    actions: ControlActions,
  ) {
    actions.register(HOLD_FILE, (call) => this.#hold(call));
    actions.register(RELEASE_FILE, async ({ args: [id] }) => this.#release(id));
  }

  async #hold({ say, signal }: ControlCall): Promise<void> {
    if (this.#held) throw new Error('Another backup is being taken. Wait for it to end, then try again.');
    const id = randomUUID();
    const released = new Promise<void>((release) => (this.#held = { id, release }));
    try {
      await this.file.holdStill();
      say(id);
      await Promise.race([released, tooLate(signal)]);
    } finally {
      this.#held = undefined;
      await this.file.letGo();
    }
  }

  #release(id: string | undefined): void {
    if (!this.#held || this.#held.id !== id)
      throw new Error(
        'The gateway did not hold the file until the copy was finished, so the copy cannot be used. Try again.',
      );
    this.#held.release();
  }
}

/** @throws when the time is over or the signal is aborted. */
async function tooLate(signal: AbortSignal): Promise<never> {
  await sleep(LONGEST_MILLIS, undefined, { signal, ref: false });
  throw new Error('The copy took longer than half an hour.');
}
