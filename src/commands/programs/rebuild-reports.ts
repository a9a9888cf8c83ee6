import { createGateway } from '../../app.setup.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { runCommand } from '../../control/on-folder.js';
import { RebuildCommand } from '../../reports/rebuild-command.js';
import { command } from '../command.js';

/** Recounts all messages and corrects the reports; a gateway may run. `--check` changes nothing, and exits 1 on a difference. */
command(async (args) => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  await runCommand(config, 'rebuild-reports', args, async (say) => {
    const gateway = await createGateway(config);
    try {
      await gateway.app.get(RebuildCommand).run(args, say);
    } finally {
      await gateway.stop();
    }
  });
});
