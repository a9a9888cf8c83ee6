import type { MessageDoc } from '../../src/messages/message.js';
import { RouteTargets } from '../../src/routing/targets.js';
import type { TestGateway } from './gateway.js';

/** Gives every tenant a carrier that sends e-mail alone. What it is given waits, so that a test reads it. */
export function sendMailByStandIn(gateway: TestGateway): void {
  gateway.get(RouteTargets).register({
    kind: 'carrier',
    form: 'carrier:<name>',
    absent: { code: 'carrier_not_found', message: 'No such carrier', advice: 'Add one.' },
    list: () => Promise.resolve([{ route: 'carrier:mail', rank: 0, channels: ['email'], works: true }]),
    find: () =>
      Promise.resolve({
        agentId: null,
        simSlots: [],
        phones: 1,
        online: 1,
        channels: ['email'],
        characters: null,
        sender: null,
      }),
  });
}

/** What was sent to an address, oldest first, as its carrier reads it. */
export function mailsTo(gateway: TestGateway, to: string): Promise<MessageDoc[]> {
  return gateway.store.collection<MessageDoc>('sms_messages').find({ to, channel: 'email' }, { sort: { _id: 1 } });
}

export async function lastMailTo(gateway: TestGateway, to: string): Promise<string> {
  return (await mailsTo(gateway, to)).at(-1)?.text ?? '';
}

export function codeIn(text: string): string {
  return /\b\d{6}\b/.exec(text)?.[0] ?? 'no code';
}
