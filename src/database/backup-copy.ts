import { checkStoreFile, openStoreFile, type StoreFileContents } from './store-file.js';

/**
 * Makes a backup of a copied file: checks it and puts in the secrets that the gateway generated, without which what it encrypted can't
 * be read again. A table of their own keeps them out of the collections.
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

/** Makes a store's file of a copy of a backup; returns the secrets that were in it. */
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
