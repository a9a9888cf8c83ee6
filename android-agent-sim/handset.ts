import { Backoff } from './backoff.js';
import { asError, OfflineError } from './errors.js';
import { fleetEvents, type Emit, type FleetEvents } from './events.js';
import type { Journal } from './journal.js';
import { Network } from './network.js';
import type { PhoneOptions } from './options.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { AgentClient } from './protocol.js';
import type { Inbound, Sim } from './protocol-types.js';
import type { Inbox } from './inbox.js';
import type { Modem } from './modem.js';
import { newModem } from './modems.js';
import { Radio } from './radio.js';
import { type Random, seededRandom } from './random.js';
import { simsOf } from './sims.js';
import { realTimers, type Timers } from './timers.js';
import type { TokenFile } from './token-file.js';

export interface Hooks {
  timers?: Timers;
  events?: FleetEvents;
  /** Aborts a start that waits for a server that can't be reached. */
  signal?: AbortSignal;
}

export interface Received {
  text: Inbound;
  /** The server has it, or will never take it. */
  uploaded?(): void;
}

/** The parts of a phone that survive a crash of the app: the device, its SIMs, Android's own services and the app's storage. */
export interface Handset {
  device: string;
  options: PhoneOptions;
  timers: Timers;
  emit: Emit;
  /** Reports an error, unless it is a simulated one. */
  trouble(error: unknown, messageId?: string): void;
  network: Network;
  client: AgentClient;
  journal: Journal;
  modem: Modem;
  radio: Radio;
  pace: Pace;
  sims: Sim[];
  /** Received texts; Android keeps them until the app has uploaded them. */
  received: Outbox<Received>;
  /** Of a real phone: where the received texts come from. */
  inbox?: Inbox;
  /** Of a real phone. */
  tokens?: TokenFile;
  /** The draws that decide when the app or the network fails. */
  fate: Random;
  newBackoff(): Backoff;
}

export interface Storage {
  journal: Journal;
  inbox?: Inbox;
  tokens?: TokenFile;
}

export function newHandset(options: PhoneOptions, index: number, storage: Storage, hooks: Hooks): Handset {
  const device = deviceId(options, index);
  const timers = hooks.timers ?? realTimers;
  const events = hooks.events ?? fleetEvents();
  const emit: Emit = (name, about) => events.emit(name, { device, at: timers.now(), ...about });
  const trouble = (error: unknown, messageId?: string) => {
    if (error instanceof OfflineError) return;
    emit('error', { error: asError(error), detail: asError(error).message, ...(messageId && { messageId }) });
  };
  const network = new Network();
  const client = new AgentClient(options.url, device, network);
  const jitter = seededRandom(options.seed, index, 'jitter');
  const newBackoff = () => new Backoff(jitter);
  const fate = seededRandom(options.seed, index, 'fate');
  const sims = simsOf(index, options.sims);
  const modem = newModem({ options, index, sims, fate, timers, tell: (text) => trouble(new Error(text)) });
  const received = new Outbox<Received>({
    deliver: async (items, signal) => {
      const { results = [] } = await client.inbound(
        items.map(({ text }) => text),
        signal,
      );
      for (const [i, { text, uploaded }] of items.entries()) {
        // It would be invalid again.
        const { result, reason } = results[i] ?? {};
        if (result === 'invalid') trouble(new Error(`the text is invalid: ${reason}`), text.external_id);
        uploaded?.();
      }
    },
    key: ({ text }) => text.external_id ?? '',
    onTrouble: (error, refused) => {
      trouble(error, refused?.text.external_id);
      refused?.uploaded?.();
    },
    backoff: newBackoff(),
    network,
    timers,
  });
  return {
    device,
    options,
    timers,
    emit,
    trouble,
    network,
    client,
    ...storage,
    modem,
    radio: new Radio(options.sims, modem, timers),
    pace: new Pace(),
    sims,
    received,
    fate,
    newBackoff,
  };
}

export function deviceId(options: PhoneOptions, index: number): string {
  return options.modem === 'simulated' ? `${options.device}-${index + 1}` : options.device;
}
