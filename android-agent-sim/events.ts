import { EventEmitter } from 'node:events';

export type PhoneEventName =
  | 'leased'
  | 'expired'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'conflict'
  | 'ended'
  | 'inbound'
  | 'crashed'
  | 'restarted'
  | 'offline'
  | 'online'
  | 'error';

export interface PhoneEvent {
  device: string;
  /** Milliseconds since 1970. */
  at: number;
  messageId?: string;
  requestId?: string;
  leaseId?: string;
  to?: string;
  text?: string;
  priority?: string;
  /** `conflict`: what the server answered; `ended`: the message's last status. */
  result?: string;
  code?: string;
  detail?: string;
  error?: Error;
}

export type FleetEvents = EventEmitter<Record<PhoneEventName, [PhoneEvent]>>;
export type Emit = (name: PhoneEventName, about?: Omit<PhoneEvent, 'device' | 'at'>) => void;

export function fleetEvents(): FleetEvents {
  const events: FleetEvents = new EventEmitter();
  // An EventEmitter throws an 'error' without a listener; a server that is down must not end the simulator.
  events.on('error', () => undefined);
  events.setMaxListeners(0);
  return events;
}
