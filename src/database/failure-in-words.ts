import { resolve } from 'node:path';
import { StoreFailure } from '../common/store-failure.js';
import { DATA_FILE } from './embedded/data-file.js';

interface Place {
  mongoUri?: string | undefined;
  dataDir: string;
}
type Coded = Error & { code?: string | number };

/** Runs what opens or prepares a store; its failure says where the store is and what to do. Others than the driver's pass as they are. */
export async function inWords<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof StoreFailure ? (error.cause as Coded) : (error as Coded);
    const words = place.mongoUri
      ? mongoWords(cause, place.mongoUri, error instanceof StoreFailure ? error.kind : undefined)
      : folderWords(cause, place.dataDir);
    throw words === undefined ? error : new Error(words, { cause: error });
  }
}

function folderWords({ code, message }: Coded, dir: string): string | undefined {
  const file = resolve(dir, DATA_FILE);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(String(code)))
    return (
      `The store ${file} is damaged (${message}). Put a backup in its place with "npm run restore -- FILE", which keeps the damaged file ` +
      'under another name; without a backup, move the file away to start with an empty store.'
    );
  if (/^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(String(code)))
    return `The disk of the data folder ${dir} is full (${message}). Free some space, or move the folder and set DATA_DIR.`;
  if (/^(EACCES|EPERM|EROFS|SQLITE_(CANTOPEN|READONLY|PERM|AUTH))/.test(String(code)))
    return `The store ${file} can't be read and written (${message}). Make it and its folder writable for the user that runs Trunkline.`;
  return undefined;
}

/** The driver's own words only where they can't have a part of MONGO_URI, which has a password in it. */
function mongoWords({ name, code, message }: Coded, uri: string, failed?: StoreFailure['kind']): string | undefined {
  const [, hosts = ''] = /^mongodb(?:\+srv)?:\/\/(?:[^/]*@)?([^/?]*)/.exec(uri) ?? [];
  const where = `MongoDB at ${hosts} (MONGO_URI)`;
  // A password with such a sign in it is taken for a host's name in part.
  const isMixedUp = /@[^@]*@|[/?][^@]*@/.test(uri.replace(/^\S*?:\/\//, ''));
  if (isMixedUp || /^Mongo(Parse|InvalidArgument|API)Error$/.test(name))
    return (
      `MONGO_URI can't be read${!isMixedUp && /^options? /.test(message) ? ` (${message})` : ''}. It is mongodb://user:password@host:27017/?replicaSet=rs0; ` +
      'in the user and the password, signs such as @ : / are percent-encoded (@ is %40).'
    );
  if (code === 18 || code === 8000 || name === 'MongoMissingCredentialsError')
    return `${where} refuses the user and the password of MONGO_URI. Check both, and authSource, the database that knows the user.`;
  if (code === 13)
    return `${where} does not allow this (${message}). Give the user of MONGO_URI the role readWrite on the database of MONGO_DB.`;
  if (failed === 'full') return `The disk of ${where} is full (${message}). Free some space there.`;
  if (failed !== 'unavailable') return undefined;
  const [, set] = /[?&]replicaSet=([^&]+)/.exec(uri) ?? [];
  const isMember = set ? `, and that it is a member of the replica set ${set} and has a primary` : '';
  return `${where} does not answer (${message}). Check that it runs there and that this machine reaches it${isMember}.`;
}
