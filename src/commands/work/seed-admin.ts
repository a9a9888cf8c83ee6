import { createGateway } from '../../app.setup.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { runCommand } from '../../control/on-folder.js';
import { describeSeeded, FirstAdmin } from '../../users/first-admin.js';
import { command } from '../command.js';

/** Creates the administrator of SEED_ADMIN_USERNAME unless there is one. Safe to repeat, also while a gateway runs. */
command(async () => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  const args = [config.SEED_ADMIN_USERNAME, config.SEED_ADMIN_PASSWORD ?? ''];
  await runCommand(config, 'seed-admin', args, async (say) => {
    const gateway = await createGateway(config);
    say(describeSeeded(await gateway.app.get(FirstAdmin).seed()));
    await gateway.stop();
  });
});
