/** What providers send, for the document; the adapters say what they need of it. */
const text = (example: string) => ({ type: 'string', examples: [example] });

const TWILIO = {
  AccountSid: text('AC0123456789abcdef0123456789abcdef'),
  MessageSid: text('SM0123456789abcdef0123456789abcdef'),
  From: text('+12065550100'),
  To: text('+12065550199'),
};

function form(properties: object) {
  const schema = { type: 'object', properties: { ...TWILIO, ...properties } } as const;
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema: schema as never } } };
}

function event(id: string, type: string, properties: object) {
  const attributes = { type: 'object', properties } as const;
  const data = { type: 'object', properties: { id: text(id), type: text(type), attributes } } as const;
  const schema = { type: 'object', properties: { data } } as const;
  return { required: true, content: { 'application/vnd.api+json': { schema: schema as never } } };
}

export const TWILIO_INBOUND = form({ Body: text('Yes, please'), NumMedia: text('0') });
export const TWILIO_STATUS = form({ MessageStatus: text('delivered') });
export const FLOWROUTE_INBOUND = event('mdr2-39cadeace66e11e7aff806cd7f24ba2d', 'message', {
  from: text('12065550199'),
  to: text('12065550100'),
  body: text('Yes, please'),
});
export const FLOWROUTE_RECEIPT = event('mdr2-39cadeace66e11e7aff806cd7f24ba2d', 'delivery_receipt', {
  level: { type: 'integer', examples: [2] },
  status: text('delivered'),
});
