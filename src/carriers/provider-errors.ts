/**
 * The codes of a provider and what they mean for a text. `docs/CARRIER-ERRORS.md` shows every line of every catalogue; a test compares
 * them. In a receipt that a text failed they say why; what to do about it is only for answers.
 */
export type ErrorCatalogue = Readonly<Record<string, ProviderError>>;

/** `reason`: a sentence of ours, as people read it in a message's history. */
export type ProviderError = { reason: string } & (
  | { kind: 'refused'; fault: 'route' | 'recipient' | 'text'; opt_out?: true; dead_address?: true }
  | {
      kind: 'later';
      cause: 'load' | 'failure';
      /** Nothing else of the account goes before then, either. */
      account?: true;
      /** Seconds, unless the provider names others. `tomorrow`: until the next day begins in UTC. */
      wait?: number | 'tomorrow';
    }
);

type Of<Kind extends ProviderError['kind']> = Extract<ProviderError, { kind: Kind }>;

export const refusedRoute = (reason: string): Of<'refused'> => ({ kind: 'refused', fault: 'route', reason });
export const refusedRecipient = (reason: string): Of<'refused'> => ({ kind: 'refused', fault: 'recipient', reason });
export const refusedText = (reason: string): Of<'refused'> => ({ kind: 'refused', fault: 'text', reason });
export const laterByLoad = (reason: string, wait?: Of<'later'>['wait']): Of<'later'> => ({
  kind: 'later',
  cause: 'load',
  reason,
  ...(wait === undefined ? {} : { wait }),
});

/** Seconds until the next day begins in UTC. */
export function untilTomorrow(now: Date): number {
  const tomorrow = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.ceil((tomorrow - now.getTime()) / 1000);
}
