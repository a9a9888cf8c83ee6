import { checkStoreFile, openStoreFile, type StoreFileContents } from './store-file.js';

/**
 * Makes a backup of a copied file: checks it and adds the secrets that the gateway generated, because encrypted data can't be read
 * without them. They are in their own table, outside the collections.
 */
export function sealBackup(path: string, secrets: string | undefined): StoreFileContents {
  const database = openStoreFile(path);
  try {
    if (secrets !== undefined) {
      database.exec('CREATE TABLE trunkline_secrets (json)');
      database.run('INSERT INTO trunkline_secrets VALUES (?)', [secrets]);
    }
    return checkStoreFile(database);
  } finally {
    database.close();
  }
}

/** Turns a copy of a backup into a store's file; removes the secrets from it and returns them. */
export function unsealBackup(path: string): StoreFileContents & { secrets: string | undefined } {
  const database = openStoreFile(path);
  try {
    const contents = checkStoreFile(database);
    const isThere = database.first("SELECT 1 FROM sqlite_master WHERE name = 'trunkline_secrets'") !== undefined;
    const secrets = isThere ? String(database.first('SELECT json FROM trunkline_secrets')![0]) : undefined;
    if (isThere) database.exec('DROP TABLE trunkline_secrets');
    return { ...contents, secrets };
  } finally {
    database.close();
  }
}
