import { restoreBackup } from '../../backup/restore-backup.js';
import { Clock } from '../../common/clock.js';
import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { print } from '../../control/on-folder.js';
import { command, UsageError } from '../command.js';
import { describeContents } from '../describe-contents.js';

const USAGE = `npm run restore -- FILE

Puts a backup in the place of the embedded store in DATA_DIR. Stop the gateway first. What is there is moved aside, not removed.`;

command(async ([file, ...rest]) => {
  if (!file || file.startsWith('-') || rest.length > 0) throw new UsageError(USAGE);
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  if (config.MONGO_URI)
    throw new UsageError(
      'The data is in MongoDB (MONGO_URI is set): restore it with mongorestore, or from a snapshot of its provider. ' +
        'To restore an embedded store into DATA_DIR, run this command without MONGO_URI.',
    );
  const restored = await restoreBackup(config.DATA_DIR, file, new Clock().now());
  print(`Checked and restored into ${config.DATA_DIR}:`);
  describeContents(restored).forEach(print);
  if (restored.movedTo)
    print(`The previous store is kept as ${restored.movedTo}; remove it when you don't need it any more.`);
  if (!restored.hasSecrets)
    print(
      'The backup holds no secrets: set JWT_SECRET and SECRETS_KEY to those of the gateway that it was taken from.',
    );
  print('Now start the gateway: npm start');
});
