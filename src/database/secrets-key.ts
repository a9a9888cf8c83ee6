import { decrypt, encrypt } from '../common/secrets.js';
import { StoreFailure } from '../common/store-failure.js';
import { ConfigError } from '../config/load-config.js';
import type { Store } from './collection.js';
import { DuplicateKeyError, type Doc } from './query.js';

interface SealedDoc extends Doc {
  /** Set in the canary's document. */
  sealed?: string;
  /** Set in a tenant's settings. */
  registration_secret?: string;
}

const CANARY = 'secrets_key';

/**
 * All gateways must be able to decrypt what one of them encrypts, also after a restore: a canary in the store shows whether one of the keys
 * is the key that the canary was encrypted with. The first key encrypts.
 * @throws ConfigError
 */
export async function requireSameSecretsKey(store: Store, keys: readonly string[]): Promise<void> {
  const config = store.collection<SealedDoc>('app_config');
  const known = await config.findOne({ _id: CANARY });
  if (known) return requireOpens(known.sealed!, keys);
  // The data is older than the canary.
  const settings = await config.findOne({ registration_secret: { $gt: '' } });
  if (settings) requireOpens(settings.registration_secret!, keys);
  try {
    await config.insertOne({ _id: CANARY, sealed: encrypt(CANARY, keys[0]!) });
  } catch (error) {
    // Another gateway that starts at the same moment has written it.
    if (error instanceof DuplicateKeyError) return requireSameSecretsKey(store, keys);
    if (!(error instanceof StoreFailure && error.kind === 'full')) throw error;
  }
}

/** When everything else is encrypted with the key: from now on gateways start with it alone. */
export async function resealCanary(store: Store, key: string): Promise<void> {
  await store
    .collection<SealedDoc>('app_config')
    .updateOne({ _id: CANARY }, { $set: { sealed: encrypt(CANARY, key) } });
}

function requireOpens(sealed: string, keys: readonly string[]): void {
  try {
    decrypt(sealed, keys);
  } catch {
    throw new ConfigError([
      'SECRETS_KEY is not the key that the secrets in this store were encrypted with: set the key of the gateway that encrypted them ' +
        '(all gateways on one MongoDB need the same key, and a restored backup needs the key that was used when it was taken). ' +
        'To change the key, put the earlier one into SECRETS_KEY_OLD, start, and run npm run rotate-secrets-key',
    ]);
  }
}
