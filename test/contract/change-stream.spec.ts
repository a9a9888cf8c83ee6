import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openMongoStore, type MongoStore } from '../../src/database/mongo/mongo-store.js';
import { ChangeStreamServer } from '../support/change-stream-server.js';
import { waitFor } from '../support/wait-for.js';

interface Seen {
  _id: string;
}

describe('watching a collection of MongoDB', () => {
  let server: ChangeStreamServer;
  let store: MongoStore;
  let seen: string[];
  let ended: Error[];
  const watch = () =>
    store.watch<Seen>(
      'wakes',
      ({ _id }) => seen.push(_id),
      (error) => ended.push(error),
    );

  beforeEach(async () => {
    server = await ChangeStreamServer.start();
    store = await openMongoStore({ uri: server.uri, db: 'test' });
    seen = [];
    ended = [];
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  it('tells of what is inserted, in order, until it is closed', async () => {
    const watching = await watch();
    expect(server.opened).toMatchObject([[{ $changeStream: {} }, { $match: { operationType: 'insert' } }]]);
    server.insert({ _id: 'a' });
    await waitFor(() => expect(seen).toEqual(['a']));
    server.insert({ _id: 'b' });
    server.insert({ _id: 'c' });
    await waitFor(() => expect(seen).toEqual(['a', 'b', 'c']));
    await watching.close();
    expect(ended).toEqual([]);
  });

  it('is refused where the server has no change streams', async () => {
    server.fail({ code: 40573, errmsg: 'The $changeStream stage is only supported on replica sets' });
    await expect(watch()).rejects.toThrow('only supported on replica sets');
    expect(ended).toEqual([]);
  });

  it('says when the server breaks it off for good', async () => {
    const watching = await watch();
    server.fail({ code: 286, errmsg: 'Resume of change stream was not possible' });
    await waitFor(() => expect(ended.map(({ message }) => message)).toEqual([expect.stringContaining('Resume')]));
    await watching.close();
  });
});
