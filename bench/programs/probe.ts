import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answer } from './answer.js';

/** Loaded into the gateway's process before its main program: answers the benchmark's questions about CPU time, memory and stalls. */
const delay = monitorEventLoopDelay({ resolution: 1 });

answer({
  watchLoop: () => {
    delay.reset();
    delay.enable();
  },
  /** The longest delay of the event loop in ms, beyond the probe's own 1 ms. */
  longestBlock: () => {
    delay.disable();
    return Math.max(0, delay.max / 1e6 - 1);
  },
});
