import { parseArgs } from 'node:util';
import { createGateway } from '../../app.setup.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { runCommand } from '../../control/on-folder.js';
import { describeSeeded, FirstAdmin } from '../../users/first-admin.js';
import { PasswordByCommand } from '../../users/password-by-command.js';
import { command, UsageError } from '../command.js';

const USAGE = `npm run seed-admin [-- --reset-password USER]

Creates the administrator of SEED_ADMIN_USERNAME unless there is one; safe to repeat. With --reset-password, gives a user of any tenant a
new password, prints it once, and ends the user's tokens. Both also while a gateway runs.`;

command(async (args) => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  const user = userOf(args);
  const [name, given] =
    user === undefined
      ? ['seed-admin', [config.SEED_ADMIN_USERNAME, config.SEED_ADMIN_PASSWORD ?? '']]
      : ['reset-password', [user]];
  await runCommand(config, name, given, async (say) => {
    const gateway = await createGateway(config);
    try {
      if (user === undefined) say(describeSeeded(await gateway.app.get(FirstAdmin).seed()));
      else await gateway.app.get(PasswordByCommand).reset(user, say);
    } finally {
      await gateway.stop();
    }
  });
});

function userOf(args: string[]): string | undefined {
  try {
    const { values } = parseArgs({ args, options: { 'reset-password': { type: 'string' } } });
    const user = values['reset-password'];
    if (user?.trim() !== '') return user;
  } catch {
    // Told below.
  }
  throw new UsageError(USAGE);
}
