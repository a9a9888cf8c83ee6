import { takeBackup } from '../../backup/take-backup.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { print } from '../../control/on-folder.js';
import { command, UsageError } from '../command.js';
import { describeContents } from '../describe-contents.js';

const USAGE = `npm run backup -- FILE

Copies the embedded store in DATA_DIR to a new FILE (gzipped when its name ends with .gz), also while the gateway runs.`;

command(async ([file, ...rest]) => {
  if (!file || file.startsWith('-') || rest.length > 0) throw new UsageError(USAGE);
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  if (config.MONGO_URI)
    throw new UsageError(
      'The data is in MongoDB (MONGO_URI is set): take its backups with mongodump, or as snapshots of its provider. ' +
        'This command copies the embedded store.',
    );
  // Ctrl-C removes the unfinished copy.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const backup = await takeBackup(config, file);
  print(`Copied while ${backup.heldBy} wrote nothing to the file, then checked: no fault found.`);
  describeContents(backup).forEach(print);
  print(`${backup.path} is complete (${(backup.bytes / 2 ** 20).toFixed(1)} MiB).`);
  print(
    backup.hasSecrets
      ? 'The secrets that the gateway generated are in it: keep it as you would keep a password.'
      : 'JWT_SECRET and SECRETS_KEY are not in it: keep them apart, a restored gateway needs the same.',
  );
});
