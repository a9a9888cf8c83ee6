import { forbidden } from '../common/errors.js';
import type { Submitter } from '../messages/messages.service.js';

/** Who may send and cancel, and read: a key only what it sent itself. Whether a template or a free text is judged by what is sent. */
export const SUBMIT = { role: 'operator', scopes: ['sms:send', 'sms:send_text'] } as const;
export const READ = { role: 'viewer', scopes: ['sms:read', 'sms:send', 'sms:send_text'] } as const;

/** @throws ApiError 403 */
export function mustSend(caller: Submitter, content: 'template' | 'text'): void {
  if (caller.kind !== 'client') return;
  if (content === 'text' && !caller.scopes.includes('sms:send_text'))
    throw forbidden('Free text needs a key with the scope sms:send_text. Send a template instead.');
  if (content === 'template' && !caller.scopes.includes('sms:send'))
    throw forbidden('A template needs a key with the scope sms:send. Send a text instead.');
}
