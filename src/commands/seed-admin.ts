import { createGateway } from '../app.setup.js';
import { loadConfig } from '../config/load-config.js';
import { readEnvironment } from '../config/read-environment.js';
import { FirstAdmin } from '../users/first-admin.js';

/** Creates the administrator of SEED_ADMIN_USERNAME unless there is one. Safe to repeat. */
const gateway = await createGateway(loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() }));
const seeded = await gateway.app.get(FirstAdmin).seed();
process.stdout.write(
  seeded.created
    ? `Created the administrator ${seeded.username}${seeded.generatedPassword ? ` with the password ${seeded.generatedPassword}` : ''}.\n`
    : `The user ${seeded.username} is there already; nothing was changed.\n`,
);
await gateway.stop();
