import { invalid, invalidField, type ErrorDetail } from '../common/errors.js';
import type { NewParticipant, NewSession } from './new-session.js';
import { present, type SessionDoc } from './session.js';

const MOST_PARTICIPANTS = 50;
/** With those who have left: the history of one session has an end. */
const MOST_EVER = 500;
const E164 = /^\+[1-9]\d{4,14}$/;

/** Answers which of the addresses are numbers of the pool. */
type OwnAmong = (addresses: readonly string[]) => Promise<ReadonlySet<string>>;

/** @throws ApiError 400 that names each field. */
export async function checkNewSession(
  { participants, numbers, expiresAt, inactiveSeconds }: NewSession,
  ownAmong: OwnAmong,
  now: Date,
): Promise<void> {
  // Others may be added later, each with a number of their own.
  const least = numbers === 'one' ? 2 : 1;
  if (participants.length < least || participants.length > MOST_PARTICIPANTS)
    throw invalidField('participants', `must be ${least} to ${MOST_PARTICIPANTS}`);
  const problems = await problemsOf(participants, ownAmong);
  if (expiresAt && expiresAt <= now) problems.push({ field: 'expires_at', message: 'must be in the future' });
  if (inactiveSeconds !== undefined && !(inactiveSeconds > 0))
    problems.push({ field: 'inactive_seconds', message: 'must be more than 0' });
  if (problems.length > 0) throw invalid(problems);
}

/** @throws ApiError 400 that names each field. */
export async function checkNewcomers(
  session: SessionDoc,
  people: readonly NewParticipant[],
  ownAmong: OwnAmong,
): Promise<void> {
  if (people.length === 0) throw invalidField('participants', 'must be 1 or more');
  const here = present(session).map(({ address }) => address);
  const problems = await problemsOf(people, ownAmong, here);
  if (problems.length > 0) throw invalid(problems);
  if (here.length + people.length > MOST_PARTICIPANTS)
    throw invalidField('participants', `must be ${MOST_PARTICIPANTS} at most; ${here.length} are in the session`);
  if (session.participants.length + people.length > MOST_EVER)
    throw invalidField('participants', `must be ${MOST_EVER} at most over a session's life; open a new one`);
}

async function problemsOf(
  people: readonly NewParticipant[],
  ownAmong: OwnAmong,
  here: readonly string[] = [],
): Promise<ErrorDetail[]> {
  const problems: ErrorDetail[] = [];
  const own = await ownAmong(people.map(({ address }) => address));
  const seen = new Set<string>();
  for (const [i, { address }] of people.entries()) {
    const wrong = (message: string) => problems.push({ field: `participants.${i}.address`, message });
    if (!E164.test(address)) wrong('must be a phone number with its country code, such as +84901234567');
    else if (own.has(address)) wrong('is a number of the pool');
    else if (seen.has(address)) wrong('is another participant, too');
    else if (here.includes(address)) wrong('is in the session already');
    seen.add(address);
  }
  return problems;
}
