import { keptSecrets, newSecrets, withGeneratedSecrets, withSecrets } from '../config/generated-secrets.js';
import type { Config } from '../config/load-config.js';
import type { Store } from './collection.js';
import type { Doc } from './query.js';

interface SharedSecretsDoc extends Doc {
  JWT_SECRET: string;
  SECRETS_KEY: string;
}

const ID = 'generated_secrets';

/**
 * In development a missing JWT_SECRET or SECRETS_KEY is generated once: on the embedded store it is kept in DATA_DIR, on MongoDB in the
 * database, where the other gateways find it. Secrets that DATA_DIR already has are kept.
 */
export async function withSecretsOf(store: Store, config: Config): Promise<Config> {
  if (config.JWT_SECRET && config.SECRETS_KEY) return config;
  if (store.kind === 'embedded') return withGeneratedSecrets(config);
  const shared = store.collection<SharedSecretsDoc>('app_config');
  if (!(await shared.findOne({ _id: ID }))) {
    const kept = keptSecrets(config.DATA_DIR);
    await shared.insertMany([{ _id: ID, ...newSecrets(), ...kept }]);
  }
  return withSecrets(config, (await shared.findOne({ _id: ID }))!);
}
