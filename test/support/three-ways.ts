import type { TenantId } from '../../src/common/tenant-id.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import type { MessageDoc } from '../../src/messages/message.js';
import type { Api } from './api.js';
import { TestGateway } from './gateway.js';
import { tenantOf } from './masked.js';
import { ScriptedAccounts, type ScriptedCarrier } from './scripted-carrier.js';
import { createKey } from './shop.js';

/** A gateway whose default tenant has a carrier for each of the ways by which people are told things. */
export class ThreeWays {
  private constructor(
    readonly gateway: TestGateway,
    readonly tenant: TenantId,
    readonly admin: Api,
    /** A client application that may notify. */
    readonly client: Api,
    readonly sms: ScriptedCarrier,
    readonly email: ScriptedCarrier,
    readonly push: ScriptedCarrier,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<ThreeWays> {
    const gateway = await TestGateway.start(env);
    const accounts = new ScriptedAccounts(gateway);
    const tenant = await tenantOf(gateway);
    const [sms, email, push] = (['sms', 'email', 'push'] as const).map((channel) =>
      accounts.add(tenant, `the-${channel}`, {}, [channel]),
    );
    await gateway.get(DispatchersWorker).run();
    const admin = await gateway.admin();
    const client = gateway.api.withKey((await createKey(admin, ['notify:send', 'sms:read'])).plain_key);
    return new ThreeWays(gateway, tenant, admin, client, sms!, email!, push!);
  }

  messages(filter: Partial<Pick<MessageDoc, 'to'>> = {}): Promise<MessageDoc[]> {
    return this.gateway.store.collection<MessageDoc>('sms_messages').find(filter, { sort: { _id: 1 } });
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }
}
