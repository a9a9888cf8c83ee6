import { nearness } from '../domain/phone-number.js';
import { claimOf, wholeClaim } from './session.js';
import type { TnDoc } from './tn.js';

/** Who is to get a number. */
export interface Seeker {
  address: string;
  channel: 'sms' | 'whatsapp';
  /** The number that the same people had before. */
  before: string | null;
  /** The only number that will do; absent: any. */
  tn?: string | undefined;
}

export type Chosen = { tns: TnDoc[] } | { exhausted: string | null };

/** The same number for all: an exclusive one, or, where the pool has none of these, a shared one. */
export function chooseOne(pool: readonly TnDoc[], seekers: readonly Seeker[], taken: ReadonlySet<string>): Chosen {
  const exclusive = pool.filter(({ mode }) => mode === 'exclusive');
  const kind = exclusive.length > 0 ? exclusive : pool;
  const free = kind.filter((tn) => seekers.every((seeker) => isFree(tn, seeker, taken)));
  const tn = best(free, seekers);
  return tn ? { tns: seekers.map(() => tn) } : { exhausted: null };
}

/** A number for each; shared ones first, for an exclusive one is lost to everybody else. */
export function chooseEach(pool: readonly TnDoc[], seekers: readonly Seeker[], taken: ReadonlySet<string>): Chosen {
  const tns: TnDoc[] = [];
  for (const seeker of seekers) {
    const free = pool.filter((tn) => isFree(tn, seeker, taken));
    const shared = free.filter(({ mode }) => mode === 'shared');
    const tn = best(shared.length > 0 ? shared : free, [seeker]);
    if (!tn) return { exhausted: pool.length > 0 ? seeker.address : null };
    tns.push(tn);
  }
  return { tns };
}

/** What has to be looked up before the choice. */
export function claimsOf(pool: readonly TnDoc[], seekers: readonly Seeker[]): string[] {
  return pool.flatMap(({ number }) => [wholeClaim(number), ...seekers.map(({ address }) => claimOf(number, address))]);
}

function isFree({ number, channels }: TnDoc, { address, channel, tn }: Seeker, taken: ReadonlySet<string>): boolean {
  if (tn !== undefined && tn !== number) return false;
  return channels.includes(channel) && !taken.has(wholeClaim(number)) && !taken.has(claimOf(number, address));
}

/** The one that they had before, else one of their area or country; any of equals. */
function best(tns: readonly TnDoc[], seekers: readonly Seeker[]): TnDoc | undefined {
  const rank = ({ number }: TnDoc) =>
    seekers.reduce((sum, { address, before }) => sum + (before === number ? 100 : nearness(number, address)), 0);
  const ranked = tns.map((tn) => ({ tn, rank: rank(tn) }));
  const top = Math.max(...ranked.map(({ rank }) => rank));
  const equals = ranked.filter(({ rank }) => rank === top);
  return equals[Math.floor(Math.random() * equals.length)]?.tn;
}
