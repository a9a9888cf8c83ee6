import { claimOf, present, wholeClaim, type Participant, type SessionDoc } from './session.js';

/** What an open session still has once these have left it. */
export function withoutTheirs(
  session: SessionDoc,
  leavers: readonly Participant[],
): Pick<SessionDoc, 'claims' | 'tns'> {
  if (!session.claims) return {};
  const ids = new Set(leavers.map(({ id }) => id));
  // Whoever has left already gave theirs back, and somebody else may have them.
  const here = present(session);
  const tns = new Set(here.filter(({ id }) => !ids.has(id)).map(({ tn }) => tn));
  const given = new Set(
    here
      .filter(({ id }) => ids.has(id))
      .flatMap(({ tn, address }) => [claimOf(tn, address), ...(tns.has(tn) ? [] : [wholeClaim(tn)])]),
  );
  return { claims: session.claims.filter((claim) => !given.has(claim)), tns: [...tns] };
}

/** Those who were added together, and may not have been told. */
export function joiners({ participants }: SessionDoc, id: string): Participant[] {
  return participants.filter(({ joining }) => joining?.id === id);
}

/** The participants with these changed. */
export function withChanged(
  { participants }: SessionDoc,
  which: (one: Participant) => boolean,
  change: (one: Participant) => Participant,
): Participant[] {
  return participants.map((one) => (which(one) ? change(one) : one));
}
