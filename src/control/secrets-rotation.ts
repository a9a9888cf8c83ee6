import { Injectable } from '@nestjs/common';
import type { SealedFields, SealedValue } from '../common/sealed-values.js';
import { SealedValues } from '../common/sealed-values.js';
import { Sealer } from '../common/sealer.js';
import { ControlActions } from './control-actions.js';
import { SecretsKeyRepository } from './secrets-key.repository.js';

/** A secret that changes while it is read is looked at again; more often than this it doesn't change by chance. */
const LOOKS = 5;

/**
 * `npm run rotate-secrets-key`: encrypts every secret in the store with the present SECRETS_KEY. What has the present key already is
 * skipped, so it is safe to run again after it was interrupted, and beside gateways that know both keys.
 */
@Injectable()
export class SecretsRotation {
  constructor(
    private readonly sealer: Sealer,
    private readonly values: SealedValues,
    private readonly key: SecretsKeyRepository,
    actions: ControlActions,
  ) {
    actions.register('rotate-secrets-key', ({ args, say, signal }) => this.run(args, say, signal));
  }

  /** `args`: the id of the key that the caller means. @throws Error when it is another one, or a secret can't be opened. */
  async run([meant]: readonly string[], say: (line: string) => void, signal?: AbortSignal): Promise<void> {
    if (meant !== undefined && meant !== this.sealer.keyId)
      throw new Error(
        'The running gateway has another SECRETS_KEY than this command. Restart it with the new SECRETS_KEY and the earlier one in ' +
          'SECRETS_KEY_OLD, then run the command again.',
      );
    for (const fields of this.values.all) {
      const count = await this.rotate(fields, signal);
      say(`${fields.name}: ${count} encrypted anew.`);
    }
    await this.key.require();
    say(`Every secret is encrypted with SECRETS_KEY (${this.sealer.keyId}). SECRETS_KEY_OLD is not needed any more.`);
  }

  private async rotate(fields: SealedFields, signal: AbortSignal | undefined): Promise<number> {
    let done = 0;
    for (let look = 1; ; look++) {
      let left = 0;
      for await (const page of fields.read()) {
        for (const value of page.filter(({ sealed }) => !this.sealer.isCurrent(sealed))) {
          signal?.throwIfAborted();
          if (await fields.replace(value, this.sealer.seal(this.open(fields, value)))) done++;
          else left++;
        }
      }
      if (left === 0) return done;
      if (look === LOOKS)
        throw new Error(
          `The ${fields.name} change all the time. Make sure that every gateway has the new SECRETS_KEY, then run the command again.`,
        );
    }
  }

  private open({ name }: SealedFields, { id, field, sealed }: SealedValue): string {
    try {
      return this.sealer.open(sealed);
    } catch (error) {
      throw new Error(
        `One of the ${name} can't be opened (${field} of ${id}): ${(error as Error).message}. Put that key into SECRETS_KEY_OLD, too, ` +
          'or set the secret anew over HTTP; then run the command again. What was encrypted anew until now stays so.',
        { cause: error },
      );
    }
  }
}
