import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answer } from './answer.js';

/** Loaded into the gateway's own process before its main program: lets the benchmark ask it for its CPU time, memory and stalls. */
const delay = monitorEventLoopDelay({ resolution: 1 });

answer({
  watchLoop: () => {
    delay.reset();
    delay.enable();
  },
  /** The longest time in ms that the event loop was late, beyond the probe's own 1 ms. */
  longestBlock: () => {
    delay.disable();
    return Math.max(0, delay.max / 1e6 - 1);
  },
});
