import { describe, expect, it } from '@jest/globals';
import { StoreFailure } from '../common/store-failure.js';
import { inWords } from './failure-in-words.js';

const URI = 'mongodb://zquser:zqword@db-1.example:27017,db-2.example/?replicaSet=rs0&authSource=admin';
const told = (mongoUri: string | undefined, error: Error) =>
  inWords({ mongoUri, dataDir: '/data' }, () => Promise.reject(error)).catch(({ message }: Error) => message);
const coded = (code: string | number, name = 'Error', message = 'its words') =>
  Object.assign(new Error(message), { code, name });

describe('a failure of a store in words', () => {
  it.each([
    ['SQLITE_CORRUPT', 'The store /data/trunkline.db is damaged'],
    ['SQLITE_NOTADB', 'npm run restore -- FILE'],
    ['SQLITE_FULL', 'The disk of the data folder /data is full'],
    ['ENOSPC', 'Free some space'],
    ['EACCES', 'Make it and its folder writable for the user'],
    ['EROFS', "The store /data/trunkline.db can't be read and written"],
    ['SQLITE_READONLY', 'Make it and its folder writable for the user'],
  ])('names the folder and what to do: %s', async (code, words) => {
    expect(await told(undefined, coded(code))).toContain(words);
    expect(await told(undefined, new StoreFailure('full', coded(code)))).toContain(words);
  });

  it.each([
    [coded(18), 'MongoDB at db-1.example:27017,db-2.example (MONGO_URI) refuses the user and the password'],
    [coded(8000), 'Check both, and authSource'],
    [coded(13), 'Give the user of MONGO_URI the role readWrite'],
    [new StoreFailure('unavailable', coded('x')), 'does not answer (its words). Check that it runs'],
    [new StoreFailure('unavailable', coded('x')), 'a member of the replica set rs0 and has a primary'],
    [new StoreFailure('full', coded(14031)), 'is full'],
    [coded('x', 'MongoParseError', 'bad "mongodb://zquser:zqword@"'), "MONGO_URI can't be read. It is mongodb://"],
  ])('names MongoDB and what to do, without the password: %s', async (error, words) => {
    const text = await told(URI, error);
    expect(text).toContain(words);
    expect(text).not.toContain('zq');
  });

  it('passes on what has its own words', async () => {
    for (const uri of [undefined, URI]) expect(await told(uri, new Error('own words'))).toBe('own words');
  });
});
