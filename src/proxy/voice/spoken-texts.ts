/** What is said on the telephone, in English: no setting names a language. Without a session, the tenant's `no_session_msg` is said. */
export const CONNECTING = 'Please hold while we connect your call.';
/** The other side is known by WhatsApp only, or the number that they see can't make calls. */
export const ONLY_TEXTS =
  'The person behind this number cannot be called. Please send a text message to this number instead. Goodbye.';
export const NOBODY_REACHED = 'We could not reach anyone. Please try again later. Goodbye.';
export const CALL_OVER = 'This call is over. Goodbye.';
