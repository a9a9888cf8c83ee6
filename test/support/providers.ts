import { CallbacksWorker } from '../../src/callbacks/callbacks.worker.js';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import { FakeFlowroute } from '../fakes/flowroute.js';
import { FakeTwilio } from '../fakes/twilio.js';
import { TestGateway } from './gateway.js';
import { TestClock } from './test-clock.js';

/** A proxy strips the prefix. */
export const PUBLIC_URL = 'https://sms.example.test/gateway';
export const CALLBACK_TOKEN = 'the-secret-in-the-url';
export const OUR_NUMBER = '+12065550100';

/** Both providers on loopback, and a gateway that has an account at each. */
export class Providers {
  private constructor(
    readonly gateway: TestGateway,
    readonly twilio: FakeTwilio,
    readonly flowroute: FakeFlowroute,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Providers> {
    // The providers' clocks go with the gateway's.
    let clock = new TestClock();
    const now = (): Date => clock.now();
    const [twilio, flowroute] = [await new FakeTwilio(now).start(), await new FakeFlowroute(now).start()];
    const gateway = await TestGateway.start({
      PUBLIC_URL,
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_FROM: OUR_NUMBER,
      TWILIO_BASE_URL: twilio.url,
      FLOWROUTE_ACCESS_KEY: flowroute.accessKey,
      FLOWROUTE_SECRET_KEY: flowroute.secretKey,
      FLOWROUTE_FROM: OUR_NUMBER,
      FLOWROUTE_CALLBACK_TOKEN: CALLBACK_TOKEN,
      FLOWROUTE_BASE_URL: flowroute.url,
      ...env,
    });
    clock = gateway.clock;
    for (const fake of [twilio, flowroute]) fake.reach = (url) => url.replace(PUBLIC_URL, gateway.url);
    return new Providers(gateway, twilio, flowroute);
  }

  readonly urls = {
    twilioInbound: `${PUBLIC_URL}/carriers/twilio/inbound`,
    twilioStatus: `${PUBLIC_URL}/carriers/twilio/status`,
    flowrouteInbound: `${PUBLIC_URL}/carriers/flowroute/${CALLBACK_TOKEN}/inbound`,
    flowrouteReceipt: `${PUBLIC_URL}/carriers/flowroute/${CALLBACK_TOKEN}/receipt`,
  };

  /** What callbacks brought is worked through, and received texts were handled. */
  async workThrough(gateway = this.gateway): Promise<void> {
    await gateway.get(CallbacksWorker).run();
    await gateway.get(InboundWorker).run();
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await Promise.all([this.twilio.stop(), this.flowroute.stop()]);
  }
}
