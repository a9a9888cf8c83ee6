/** Who may send free texts and templates (which of them is judged by what is sent), send and cancel, and read. */
export const SUBMIT = { role: 'operator', scopes: ['sms:send', 'sms:send_text'] } as const;
export const SEND = { role: 'operator', scopes: ['sms:send'] } as const;
export const READ = { role: 'viewer', scopes: ['sms:read', 'sms:send'] } as const;

export const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same body is sent once (24 h).',
};
