import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ImportDoc } from '../../src/imports/import.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { ImportsRepository } from '../../src/imports/imports.repository.js';
import { Submission } from '../../src/imports/submission.js';
import { RequestsRepository } from '../../src/requests/requests.repository.js';
import { byHand } from '../support/by-hand.js';
import { csvOf, importCsv, toShop } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { lease, openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const CHUNK = 100;
const LINES = 250;

describe('canceling an import', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let id: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({ MAX_RECIPIENTS_PER_REQUEST: String(CHUNK), AGENT_RATE_LIMIT_PER_MIN: '60' });
    shop = await openShop(gateway);
    await byHand(gateway.get(ImportWorker));
    const wake = jest.spyOn(gateway.get(ImportWorker), 'wake').mockReturnValue(undefined);
    id = must(202, await importCsv(shop.client, csvOf(LINES), toShop(shop))).import_id;
    wake.mockRestore();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const docOf = () => gateway.store.collection<ImportDoc>('imports').findOne({ _id: id }) as Promise<ImportDoc>;
  const cancel = (query = '') => shop.client.post(`/requests/import/${id}/cancel${query}`);
  const submitNext = async () => gateway.get(Submission).submitNext(await docOf());
  const statuses = async () => {
    const { items } = must(200, await shop.client.get('/messages/all?limit=500'));
    return items.map(({ status }: { status: string }) => status);
  };

  it('waits for the chunk under way and names its request', async () => {
    await submitNext();
    const repository = gateway.get(RequestsRepository);
    const insert = repository.insert.bind(repository);
    let goOn = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      jest.spyOn(repository, 'insert').mockImplementationOnce(async (request) => {
        resolve();
        await new Promise<void>((go) => (goOn = go));
        return insert(request);
      });
    });
    const submitted = submitNext();
    await begun;
    const looks = jest.spyOn(repository, 'byId');
    const answer = cancel();
    await waitFor(() => expect(looks).toHaveBeenCalled());
    goOn();
    const canceled = must(200, await answer);
    await submitted;
    expect(canceled).toMatchObject({ status: 'canceled', total_created: 2 * CHUNK });
    expect(canceled.request_ids).toHaveLength(2);
    expect(must(200, await shop.client.get(`/requests/import/${id}`))).toEqual(canceled);
    expect(await statuses()).toHaveLength(2 * CHUNK);
  });

  it('names the request of a gateway that died before it could count it', async () => {
    jest.spyOn(gateway.get(Submission), 'count').mockRejectedValueOnce(new Error('died'));
    await submitNext();
    expect((await docOf()).request_ids).toEqual([]);
    expect(must(200, await cancel())).toMatchObject({ total_created: CHUNK, request_ids: [expect.any(String)] });
  });

  it('lets no chunk slip in behind it', async () => {
    const seen = await docOf();
    jest.spyOn(gateway.get(ImportsRepository), 'deleteChunks').mockResolvedValue(undefined);
    must(200, await cancel());
    await gateway.get(Submission).submitNext(seen);
    expect(await statuses()).toEqual([]);
    expect(await docOf()).toMatchObject({ status: 'canceled', request_ids: [], next_chunk: 0 });
  });

  it('cancels what was submitted, too, when asked to, also when the import is over', async () => {
    await submitNext();
    await submitNext();
    await lease(shop.phone, 5);
    const canceled = must(200, await cancel('?cancel_submitted=true'));
    expect(canceled).toMatchObject({ status: 'canceled', total_created: 2 * CHUNK, canceled: 2 * CHUNK - 5 });
    expect((await statuses()).filter((status: string) => status === 'CANCELED')).toHaveLength(2 * CHUNK - 5);
    gateway.clock.advance(3600);
    expectError(await cancel(), 409, 'import_over');
    expect(must(200, await cancel('?cancel_submitted=true'))).toMatchObject({ status: 'canceled', canceled: 5 });
  });
});
