import { createGateway } from '../app.setup.js';
import { exitWith } from '../common/start-failure.js';
import { loadConfig } from '../config/load-config.js';
import { readEnvironment } from '../config/read-environment.js';
import { FirstAdmin } from '../users/first-admin.js';

/** Creates the administrator of SEED_ADMIN_USERNAME unless there is one. Safe to repeat. */
async function seedAdmin(): Promise<void> {
  const gateway = await createGateway(loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() }));
  const { created, username, generatedPassword } = await gateway.app.get(FirstAdmin).seed();
  process.stdout.write(
    created
      ? `Created the administrator ${username}${generatedPassword ? ` with the password ${generatedPassword}` : ''}.\n`
      : `The user ${username} is there already; nothing was changed.\n`,
  );
  await gateway.stop();
}

seedAdmin().catch(exitWith);
