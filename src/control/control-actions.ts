import { Injectable } from '@nestjs/common';

export interface ControlCall {
  args: readonly string[];
  /** A line for whoever called. */
  say(line: string): void;
  /** Aborted when the caller goes away or the gateway stops. */
  signal: AbortSignal;
}
/** What it throws is told to the caller by its message. */
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
