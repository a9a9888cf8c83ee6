import { invalid, type ErrorDetail } from '../common/errors.js';
import type { NewSession } from './new-session.js';

const MOST_PARTICIPANTS = 50;
const E164 = /^\+[1-9]\d{4,14}$/;

/** `ownAmong` answers which of the addresses are numbers of the pool. @throws ApiError 400 that names each field. */
export async function checkNewSession(
  { participants, expiresAt, inactiveSeconds }: NewSession,
  ownAmong: (addresses: readonly string[]) => Promise<ReadonlySet<string>>,
  now: Date,
): Promise<void> {
  const problems: ErrorDetail[] = [];
  if (participants.length < 2 || participants.length > MOST_PARTICIPANTS)
    throw invalid([{ field: 'participants', message: `must be 2 to ${MOST_PARTICIPANTS}` }]);
  const own = await ownAmong(participants.map(({ address }) => address));
  const seen = new Set<string>();
  for (const [i, { address }] of participants.entries()) {
    const wrong = (message: string) => problems.push({ field: `participants.${i}.address`, message });
    if (!E164.test(address)) wrong('must be a phone number with its country code, such as +84901234567');
    else if (own.has(address)) wrong('is a number of the pool');
    else if (seen.has(address)) wrong('is another participant, too');
    seen.add(address);
  }
  if (expiresAt && expiresAt <= now) problems.push({ field: 'expires_at', message: 'must be in the future' });
  if (inactiveSeconds !== undefined && !(inactiveSeconds > 0))
    problems.push({ field: 'inactive_seconds', message: 'must be more than 0' });
  if (problems.length > 0) throw invalid(problems);
}
