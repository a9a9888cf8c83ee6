import { Injectable } from '@nestjs/common';
import type { InboundDoc } from './inbound-message.js';

/** `taken`: nobody after it is asked. `masked`: the same, and its text is one of a masked conversation, which may be kept for less long. */
export type Handled = 'taken' | 'masked' | 'pass';

/**
 * Who acts on received texts: opt-outs first, then sessions. Features register theirs. A handler may be called again with the same text
 * (a gateway died before it was written down that the text is handled), so it does its work once per text's id.
 */
export interface InboundHandler {
  readonly name: string;
  /** Lower numbers are asked first. */
  readonly order: number;
  handle(text: InboundDoc): Promise<Handled>;
}

@Injectable()
export class InboundHandlers {
  private readonly known: InboundHandler[] = [];

  register(handler: InboundHandler): void {
    this.known.push(handler);
    this.known.sort((a, b) => a.order - b.order);
  }

  /** @throws what a handler throws; then the text is handled again later. */
  async handle(text: InboundDoc): Promise<Handled> {
    for (const handler of this.known) {
      const handled = await handler.handle(text);
      if (handled !== 'pass') return handled;
    }
    return 'pass';
  }
}
