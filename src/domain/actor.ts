/** Who did something, as a history names them: `agent:agt_...`, `user:usr_...`, `client:key_...`, `carrier:twilio` or `system`. */
export type ActorKind = 'agent' | 'user' | 'client' | 'carrier';
export type Actor = 'system' | `${ActorKind}:${string}`;

/** What the gateway does by itself. */
export const SYSTEM: Actor = 'system';

const WRITTEN = /^(agent|user|client|carrier):(.+)$/s;
const KEY_ID = /^key_[0-9a-z]{26}$/;

/** By what is known of them, never guessed from the id: a user of a token signed elsewhere may have any id, and a carrier has a name. */
export function actorOf({ kind, id }: { kind: ActorKind; id: string }): Actor {
  return `${kind}:${id}`;
}

/** Who submitted, of whom a document keeps the `client_id` alone: an API key's id, a user's, or the gateway's own. */
export function submitterOf(clientId: string): Actor {
  if (clientId === SYSTEM) return SYSTEM;
  return actorOf({ kind: KEY_ID.test(clientId) ? 'client' : 'user', id: clientId });
}

/** Null for what is no actor. */
export function readActor(text: string): { kind: ActorKind; id: string } | { kind: 'system' } | null {
  if (text === SYSTEM) return { kind: 'system' };
  const [, kind, id] = WRITTEN.exec(text) ?? [];
  return kind && id ? { kind: kind as ActorKind, id } : null;
}
