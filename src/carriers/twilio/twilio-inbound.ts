import type { InboundText } from '../carrier.js';

/** What Twilio tells of a received text, in a callback or in its list. */
export interface ReceivedText {
  ref: string;
  from: string;
  to: string;
  text: string;
  receivedAt: Date | null;
  media: unknown;
  /** It came by WhatsApp, even if no address says so. */
  whatsapp?: boolean;
}

export function inboundOf({ ref, from, to, text, receivedAt, media, whatsapp }: ReceivedText): InboundText {
  const byWhatsapp = whatsapp || [from, to].some((address) => address.startsWith(WHATSAPP));
  const files = /^\d{1,3}$/.test(String(media)) ? Number(media) : 0;
  return {
    kind: 'inbound',
    ref,
    channel: byWhatsapp ? 'whatsapp' : 'sms',
    from: byWhatsapp ? whatsappNumber(from) : from,
    to: byWhatsapp ? whatsappNumber(to) : to,
    text,
    received_at: receivedAt,
    ...(files > 0 ? { media: files } : {}),
  };
}

const WHATSAPP = 'whatsapp:';

/** E.164 for a number; who hides theirs is known by an id, which stays as it is. */
function whatsappNumber(address: string): string {
  const bare = address.startsWith(WHATSAPP) ? address.slice(WHATSAPP.length).trim() : address.trim();
  return /^[1-9]\d{6,14}$/.test(bare) ? `+${bare}` : bare;
}

/** The channel of an address that is neither a number nor one of WhatsApp: `messenger:4711`. */
export function otherChannelOf(address: string): string | null {
  const [, channel] = /^([a-z]{2,20}):/.exec(address) ?? [];
  return channel && `${channel}:` !== WHATSAPP ? channel : null;
}
