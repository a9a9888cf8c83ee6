import { later } from '../../domain/time.js';
import { endsAt, type Participant, type SessionDoc } from '../session.js';
import { writeAddress } from './addresses.js';

const PREFIX = 'CH';

/** Twilio's sids of conversations are two letters and 32 hex digits. */
export function sidOf(session: SessionDoc): string {
  return PREFIX + session._id;
}

/** The session's own id is taken as well. */
export function idOfSid(sid: string): string {
  return sid.startsWith(PREFIX) ? sid.slice(PREFIX.length) : sid;
}

function binding({ address, channel, tn }: Participant) {
  return { type: channel, address: writeAddress(address, channel), proxy_address: writeAddress(tn, channel) };
}

function timersOf(session: SessionDoc) {
  const { quiet_seconds: quiet, last_text_at: last } = session;
  const end = endsAt(session);
  return {
    ...(quiet === undefined ? {} : { date_inactive: later(last, quiet * 1000).toISOString() }),
    ...(end ? { date_closed: end.toISOString() } : {}),
  };
}

function stateOf({ state, unstarted, quiet_seconds: quiet, last_text_at: last }: SessionDoc, now: Date) {
  if (state === 'closed') return 'closed';
  if (unstarted) return 'inactive';
  return quiet !== undefined && later(last, quiet * 1000) <= now ? 'inactive' : 'active';
}

export function showSession(session: SessionDoc, now: Date) {
  return {
    sid: sidOf(session),
    conversationSid: sidOf(session),
    state: stateOf(session, now),
    friendlyName: session.friendly_name ?? null,
    uniqueName: session.unique_name ?? null,
    attributes: session.attributes ?? '{}',
    timers: timersOf(session),
    dateCreated: session.created_at.toISOString(),
    ...(session.starts_at ? { startsAt: session.starts_at.toISOString() } : {}),
    ...(session.expires_at ? { endsAt: session.expires_at.toISOString() } : {}),
    participants: session.participants
      .filter(({ left_at }) => !left_at)
      .map((one) => ({
        sid: one.id,
        identity: null,
        messagingBinding: binding(one),
        messaging_binding: binding(one),
      })),
  };
}

/** One person's side of a session. */
export function showSide(session: SessionDoc, participant: Participant, now: Date) {
  const { state, friendlyName, uniqueName, attributes, timers, dateCreated, sid } = showSession(session, now);
  return {
    participantSid: participant.id,
    participantIdentity: null,
    participantMessagingBinding: binding(participant),
    conversationSid: sid,
    conversationState: state,
    conversationFriendlyName: friendlyName,
    conversationUniqueName: uniqueName,
    conversationAttributes: attributes,
    conversationTimers: timers,
    conversationDateCreated: dateCreated,
  };
}
