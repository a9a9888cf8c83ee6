import type { OutgoingText } from '../carrier.js';
import type { AccountValues } from '../carrier-kinds.js';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  from: string | null;
  messagingServiceSid: string | null;
}

export function readAccount(values: AccountValues): TwilioAccount {
  const text = (name: string): string | null => (typeof values[name] === 'string' && values[name]) || null;
  return {
    accountSid: text('account_sid') ?? '',
    authToken: text('auth_token') ?? '',
    from: numberOf(text('from')),
    messagingServiceSid: text('messaging_service_sid'),
  };
}

/** E.164 for a number without its plus; short codes and names unchanged. */
function numberOf(from: string | null): string | null {
  return from && /^[1-9]\d{8,14}$/.test(from) ? `+${from}` : from;
}

/** The service decides by which of its numbers a text goes, so it comes before `from`. */
export function senderOf({ from, messagingServiceSid }: TwilioAccount): string | null {
  return messagingServiceSid ?? from;
}

/** Twilio's fields of who sends it to whom; null: nobody is set to send it. */
export function addressesOf(account: TwilioAccount, { channel, to, from }: OutgoingText) {
  const address = (number: string): string => (channel === 'whatsapp' ? `whatsapp:${number}` : number);
  const { messagingServiceSid } = account;
  if (!from && messagingServiceSid) return { to: address(to), messagingServiceSid };
  const number = from ?? account.from;
  return number ? { to: address(to), from: address(number) } : null;
}
