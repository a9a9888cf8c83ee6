import type { FleetEvents, PhoneEvent, PhoneEventName } from './events.js';

const NAMES: readonly PhoneEventName[] = [
  'leased',
  'expired',
  'sending',
  'sent',
  'delivered',
  'failed',
  'conflict',
  'ended',
  'inbound',
  'crashed',
  'restarted',
  'offline',
  'online',
  'error',
];

/** One JSON line per event, without the texts: they may be codes, and the lines may end up in logs. */
export function writeJsonLines(events: FleetEvents, write: (line: string) => void): void {
  for (const name of NAMES) events.on(name, (event) => write(`${JSON.stringify(asLine(name, event))}\n`));
}

function asLine(event: PhoneEventName, about: PhoneEvent): Record<string, unknown> {
  return {
    at: new Date(about.at).toISOString(),
    event,
    device: about.device,
    message_id: about.messageId,
    request_id: about.requestId,
    lease_id: about.leaseId,
    to: about.to,
    priority: about.priority,
    result: about.result,
    code: about.code,
    detail: about.detail,
  };
}
