import { setMaxListeners } from 'node:events';

/** A controller that many exchanges and sleeps listen to at a time, which is no leak here: each stops when it ends. */
export function longLived(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
