import type { Claimed } from '../messages/candidate.js';

/** The id under which a phone with an app of somebody else knows a message: another one after a phone has certainly not sent it. */
export function phoneSideId({ _id, unsent }: Pick<Claimed, '_id' | 'unsent'>): string {
  return unsent ? `${_id}-${unsent}` : _id;
}

export function readPhoneSideId(id: string): { message_id: string; unsent: number } {
  const [, message_id = id, unsent = '0'] = /^(.*)-(\d{1,9})$/.exec(id) ?? [];
  return { message_id, unsent: Number(unsent) };
}
