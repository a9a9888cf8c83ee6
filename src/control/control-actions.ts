import { Injectable } from '@nestjs/common';

export interface ControlCall {
  args: readonly string[];
  /** Sends a line of output to the caller. */
  say(line: string): void;
  /** Aborted when the caller disconnects or the gateway stops. */
  signal: AbortSignal;
}
/** When it throws, the caller gets the error's message. */
export type ControlAction = (call: ControlCall) => Promise<void>;

/** What commands can ask of a running gateway; features register their own. */
@Injectable()
export class ControlActions {
  readonly #actions = new Map<string, ControlAction>([['ping', () => Promise.resolve()]]);

  register(name: string, action: ControlAction): void {
    if (this.#actions.has(name)) throw new Error(`two actions are called ${name}`);
    this.#actions.set(name, action);
  }

  get(name: string): ControlAction | undefined {
    return this.#actions.get(name);
  }
}
