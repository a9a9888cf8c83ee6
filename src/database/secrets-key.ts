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
 * All gateways must be able to decrypt what one of them encrypts, also after a restore: a canary in the store shows whether SECRETS_KEY
 * is the key that the canary was encrypted with.
 * @throws ConfigError
 */
export async function requireSameSecretsKey(store: Store, key: string): Promise<void> {
  const config = store.collection<SealedDoc>('app_config');
  const known = await config.findOne({ _id: CANARY });
  if (known) return requireOpens(known.sealed!, key);
  // The data is older than the canary.
  const settings = await config.findOne({ registration_secret: { $gt: '' } });
  if (settings) requireOpens(settings.registration_secret!, key);
  try {
    await config.insertOne({ _id: CANARY, sealed: encrypt(CANARY, key) });
  } catch (error) {
    // Another gateway that starts at the same moment has written it.
    if (error instanceof DuplicateKeyError) return requireSameSecretsKey(store, key);
    if (!(error instanceof StoreFailure && error.kind === 'full')) throw error;
  }
}

function requireOpens(sealed: string, key: string): void {
  try {
    decrypt(sealed, key);
  } catch {
    throw new ConfigError([
      'SECRETS_KEY is not the key that the secrets in this store were encrypted with: set the key of the gateway that encrypted them ' +
        '(all gateways on one MongoDB need the same key, and a restored backup needs the key that was used when it was taken)',
    ]);
  }
}
