import { CarrierInbox } from '../../src/carriers/carrier-inbox.js';
import { SandboxCarrier } from '../../src/carriers/sandbox/sandbox-carrier.js';
import { contextOf, type CarrierUnderTest, type Ending } from './carrier-under-test.js';

/** By the number that brings it about. What needs a network or an account can't happen. */
const NUMBERS: Partial<Record<Ending, string>> = {
  accepted: '+12025550142',
  'refused by the route': '+12025550904',
  'refused for the recipient': '+12025550902',
  'refused for the text': '+12025550903',
  'refused because of an opt-out': '+12025550905',
  'cut after it was read': '+12025550909',
};

export function sandboxUnderTest(): Promise<CarrierUnderTest> {
  const inbox = new CarrierInbox();
  inbox.register(() => Promise.resolve());
  const carrier = new SandboxCarrier(contextOf({}), inbox);
  let asked = 0;
  const send = carrier.send.bind(carrier);
  carrier.send = (text, signal) => {
    if (!signal.aborted) asked++;
    return send(text, signal);
  };
  return Promise.resolve({
    carrier,
    prepare: (ending) => (NUMBERS[ending] ? { text: { to: NUMBERS[ending] } } : null),
    silence: null,
    asked: () => asked,
    taken: () => asked,
    elsewhere: null,
    callbacks: null,
    secrets: [],
    stop: () => Promise.resolve(),
  });
}
