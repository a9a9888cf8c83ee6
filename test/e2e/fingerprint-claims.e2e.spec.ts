import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '../../src/auth/principal.js';
import { messageId } from '../../src/common/ids.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { FingerprintClaims } from '../../src/requests/fingerprint-claims.js';
import { FingerprintsRepository, type FingerprintDoc } from '../../src/requests/fingerprints.repository.js';
import { Preparation } from '../../src/requests/preparation.js';
import type { PreparedRequest } from '../../src/requests/prepared-request.js';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import type { Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const [OLDEST, OLDER, YOUNGER] = ['0', '1', '2'].map((digit) => `req_0${digit.repeat(25)}`) as [string, string, string];

/** What happens between two reads of two requests at once: no order of HTTP calls gets there for certain. */
describe('fingerprints that two requests want at once', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let tenant: TenantId;
  let repository: FingerprintsRepository;

  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '60' });
    shop = await openTenantShop(gateway, 'shop');
    const [key] = await gateway.store
      .collection<{ _id: string; tenant_id: TenantId }>('api_keys')
      .find({ _id: shop.keyId });
    tenant = key!.tenant_id;
    repository = gateway.get(FingerprintsRepository);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const stored = () => gateway.store.collection<FingerprintDoc>('fingerprints').find({}, { sort: { _id: 1 } });
  const claim = (prepared: PreparedRequest, patience = 0) =>
    gateway.get(FingerprintClaims).claim(prepared, performance.now() + patience);

  function prepare(requestId: string, count: number): Promise<PreparedRequest> {
    const client: Client = {
      kind: 'client',
      id: shop.keyId,
      tenant,
      name: 'shop',
      scopes: ['sms:send'],
      dailyLimit: 9,
    };
    return gateway.get(Preparation).prepare(client, requestOf(shop, messagesTo(count)) as never, requestId);
  }
  /** The request has the fingerprint of the first text and is not committed. */
  async function holding(requestId: string): Promise<FingerprintDoc> {
    const { hashes } = await prepare(requestId, 1);
    const at = gateway.clock.now();
    const doc = {
      _id: FingerprintsRepository.key(tenant, hashes[0]!),
      tenant_id: tenant,
      request_id: requestId,
      message_id: messageId(requestId, 0),
      at,
      expires_at: new Date(at.getTime() + 3_600_000),
    };
    await repository.takeFree([doc]);
    return doc;
  }

  it('make the younger one give up what it has, so that they never wait for each other', async () => {
    await holding(OLDER);
    const claimed = await claim(await prepare(YOUNGER, 2), 60_000);
    expect(claimed).toMatchObject({ outcome: 'again', mine: [expect.any(String)] });
  });

  it('let the older one wait, and who has nothing to give up', async () => {
    await holding(OLDER);
    expect(await claim(await prepare(OLDEST, 2))).toMatchObject({ outcome: 'busy', mine: [expect.any(String)] });
    await repository.release(
      OLDEST,
      (await stored()).map(({ _id }) => _id),
    );
    expect(await claim(await prepare(YOUNGER, 1))).toMatchObject({ outcome: 'busy', mine: [] });
  });

  it('belong to the one that was faster to take what nobody had', async () => {
    await accept(shop.client, requestOf(shop, messagesTo(1)));
    const before = await stored();
    jest.spyOn(repository, 'byIds').mockResolvedValueOnce(new Map());
    const claimed = await claim(await prepare(YOUNGER, 1), 60_000);
    expect(claimed).toEqual({ outcome: 'done', mine: [], duplicates: new Set([0]) });
    expect(await stored()).toEqual(before);
  });

  it('belong to the one that was faster to take over', async () => {
    await accept(shop.client, requestOf(shop, messagesTo(1)));
    const before = await stored();
    const [owner] = before as [FingerprintDoc];
    const hourAgo = new Date(gateway.clock.now().getTime() - 3_600_000);
    const seen = { ...owner, message_id: messageId(OLDEST, 0), at: hourAgo, expires_at: hourAgo };
    jest.spyOn(repository, 'byIds').mockResolvedValueOnce(new Map([[owner._id, seen]]));
    const claimed = await claim(await prepare(YOUNGER, 1), 60_000);
    expect(claimed).toEqual({ outcome: 'done', mine: [], duplicates: new Set([0]) });
    expect(await stored()).toEqual(before);
  });

  it('are given up by their owner alone', async () => {
    const { _id } = await holding(OLDER);
    await repository.release(YOUNGER, [_id]);
    expect(await stored()).toMatchObject([{ request_id: OLDER }]);
    await repository.release(OLDER, [_id]);
    expect(await stored()).toEqual([]);
  });
});
