/** What Twilio sends of a call, for the document; the adapter says what it needs of it. */
const text = (example: string) => ({ type: 'string', examples: [example] });

const properties = {
  AccountSid: text('AC0123456789abcdef0123456789abcdef'),
  CallSid: text('CA0123456789abcdef0123456789abcdef'),
  From: text('+12065550100'),
  To: text('+12065550199'),
  Called: text('+12065550199'),
  CallStatus: text('ringing'),
};
const schema = { type: 'object', properties } as const;

export const TWILIO_CALL = {
  required: true,
  content: { 'application/x-www-form-urlencoded': { schema: schema as never } },
};
