import { GammuModem } from './gammu/gammu-modem.js';
import type { Modem } from './modem.js';
import type { PhoneOptions } from './options.js';
import type { Sim } from './protocol-types.js';
import { type Random, seededRandom } from './random.js';
import { SimulatedModem } from './simulated-modem.js';
import { TermuxModem } from './termux/termux-modem.js';
import type { Timers } from './timers.js';

interface Parts {
  options: PhoneOptions;
  index: number;
  /** Simulated ones. */
  sims: Sim[];
  fate: Random;
  timers: Timers;
  /** Shows a sentence to whoever runs the phone. */
  tell(text: string): void;
}

export function newModem({ options, index, sims, fate, timers, tell }: Parts): Modem {
  switch (options.modem) {
    case 'termux':
      return new TermuxModem(options, tell, timers);
    case 'gammu':
      return new GammuModem(options, tell, timers);
    case 'simulated': {
      const draws = seededRandom(options.seed, index, 'radio');
      return new SimulatedModem(`Simulated phone ${index + 1}`, options, sims, draws, fate, timers);
    }
  }
}
