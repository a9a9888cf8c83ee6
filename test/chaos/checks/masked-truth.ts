import type { SessionDoc } from '../../../src/proxy/session.js';
import type { Conversation, Conversations, Written } from '../masked/conversations.js';
import { END, NONE, START } from '../masked/pool.js';
import type { Rows } from '../masked/rows.js';

/** Holds the sessions of a gateway that is at rest against what it has answered, and against what people were told by the radio. */
export function maskedWrong({ sessions }: Rows, conversations: Conversations): string[] {
  const wrong: string[] = [];
  const found = new Map<Conversation, SessionDoc>();
  for (const session of sessions) {
    wrong.push(...numbersWrong(session));
    const conversation = conversations.with(session.participants[0]!.address);
    if (!conversation || found.has(conversation)) wrong.push(`nobody has asked for the session ${session._id}`);
    else found.set(conversation, session);
  }
  const told = countTold(conversations);
  for (const conversation of conversations.all) {
    const session = found.get(conversation);
    const name = conversation.id ?? conversation.people.join(', ');
    const say = (problem: string) =>
      wrong.push(`${conversation.kind} ${name} (${session?.state ?? 'gone'}): ${problem}`);
    stateWrong(conversation, session).forEach(say);
    for (const person of conversation.people)
      noticesWrong(conversation, session, (text) => told.get(`${person} ${text}`) ?? 0).forEach(say);
    for (const text of conversation.texts) textWrong(conversation, text, told).forEach(say);
    lateWrong(conversation, told).forEach(say);
    orderWrong(conversation, conversations).forEach(say);
  }
  return wrong;
}

function countTold({ sent }: Conversations): Map<string, number> {
  const told = new Map<string, number>();
  for (const { to, text } of sent) {
    const key = `${to} ${text.slice(text.lastIndexOf('text-') < 0 ? 0 : text.lastIndexOf('text-'))}`;
    told.set(key, (told.get(key) ?? 0) + 1);
  }
  return told;
}

/** An open session has its numbers, one that is closed has none. */
function numbersWrong({ _id, state, claims, tns, participants }: SessionDoc): string[] {
  if (state === 'closed') return claims || tns ? [`the closed session ${_id} has numbers`] : [];
  const own = participants.every(({ tn, address }) => tns?.includes(tn) && claims?.includes(`${tn}|${address}`));
  return own ? [] : [`the open session ${_id} lacks a number`];
}

function stateWrong({ id, end }: Conversation, session: SessionDoc | undefined): string[] {
  if (!id) return session ? ['is open, and nobody has found it'] : [];
  if (!session) return ['was opened and is gone'];
  if (id !== session._id) return [`has another session, ${session._id}`];
  if (end === 'none' || end === 'expires') return session.state === 'open' ? [] : ['was ended by nobody'];
  return end !== 'asked' && session.state === 'open' ? ['was ended'] : [];
}

/** Both hear once that it begins, and once that it was ended. Of one that came to nothing somebody may have heard. */
function noticesWrong(
  { kind, end }: Conversation,
  session: SessionDoc | undefined,
  times: (text: string) => number,
): string[] {
  const starts = times(START);
  const ends = times(END);
  const isTold = kind === 'pair' && session !== undefined;
  const mayStart = kind === 'pair' && !session ? starts <= 1 : starts === (isTold ? 1 : 0);
  const mayEnd = ends === (isTold && session.state === 'closed' && end !== 'expired' ? 1 : 0);
  return [
    ...(mayStart ? [] : [`somebody was told ${starts} times of the start`]),
    ...(mayEnd ? [] : [`somebody was told ${ends} times of the end`]),
  ];
}

/** All others get it once; where the session was over, none of them. */
function textWrong({ people }: Conversation, text: Written, told: ReadonlyMap<string, number>): string[] {
  const others = people.filter((person) => person !== text.from);
  const counts = others.map((person) => told.get(`${person} ${text.code}`) ?? 0);
  if (counts.every((count) => count === 1)) return [];
  if (counts.every((count) => count === 0) && (text.mayBeLate || !text.isTaken)) return [];
  return [`${text.code} reached others ${counts.join(', ')} times`];
}

/** Whoever wrote too late is told so, once for each text. */
function lateWrong({ people, texts }: Conversation, told: ReadonlyMap<string, number>): string[] {
  return people.flatMap((person) => {
    const reached = ({ code }: Written) => people.some((other) => told.has(`${other} ${code}`));
    const late = texts.filter((text) => text.from === person && text.isTaken && !reached(text)).length;
    const unsure = texts.filter((text) => text.from === person && !text.isTaken && !reached(text)).length;
    const times = told.get(`${person} ${NONE}`) ?? 0;
    if (times >= late && times <= late + unsure) return [];
    return [`${times} answers to ${late} texts that came too late`];
  });
}

/** What one person writes comes to another in its order. */
function orderWrong({ people, texts }: Conversation, { sent }: Conversations): string[] {
  const places = new Map(texts.map(({ code }, i) => [code, i]));
  return people.flatMap((person) => {
    const got = sent.filter(({ to }) => to === person).map(({ text }) => places.get(text.slice(text.indexOf('text-'))));
    const known = got.filter((place) => place !== undefined);
    return known.every((place, i) => i === 0 || known[i - 1]! < place) ? [] : [`texts overtook each other: ${known}`];
  });
}
