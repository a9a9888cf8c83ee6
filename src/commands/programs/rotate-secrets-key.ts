import { createGateway } from '../../app.setup.js';
import { keyId } from '../../common/secrets.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { runCommand } from '../../control/on-folder.js';
import { SecretsRotation } from '../../control/secrets-rotation.js';
import { command } from '../command.js';

/** Encrypts every secret in the store with SECRETS_KEY; SECRETS_KEY_OLD opens what an earlier key encrypted. Safe to repeat, also beside gateways. */
command(async () => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  const args = config.SECRETS_KEY ? [keyId(config.SECRETS_KEY)] : [];
  await runCommand(config, 'rotate-secrets-key', args, async (say) => {
    const gateway = await createGateway(config);
    try {
      await gateway.app.get(SecretsRotation).run(args, say);
    } finally {
      await gateway.stop();
    }
  });
});
