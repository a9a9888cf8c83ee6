import { setMaxListeners } from 'node:events';

/** A controller with many listeners at a time. This is not a leak: each exchange and sleep removes its listener when it ends. */
export function longLived(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
