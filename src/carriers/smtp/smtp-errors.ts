import {
  laterByLoad,
  refusedRecipient,
  refusedRoute,
  refusedText,
  type ErrorCatalogue,
  type ProviderError,
} from '../provider-errors.js';

const nobodyThere = (reason: string): ProviderError => ({ ...refusedRecipient(reason), dead_address: true });
const credentials = (reason: string): ProviderError => ({
  kind: 'later',
  cause: 'failure',
  account: true,
  wait: 60,
  reason,
});

/**
 * The reply codes of mail servers (RFC 5321) and the enhanced ones (RFC 3463), which say more and come first. A code that isn't here is
 * decided by its class and by what was answered with it.
 */
export const SMTP_ERRORS: ErrorCatalogue = {
  '4.2.1': laterByLoad('The mailbox takes no mail at the moment'),
  '4.2.2': laterByLoad('The mailbox is full', 900),
  '4.7.1': laterByLoad('The mail server asks to come back later, as it does with senders that it does not know', 300),
  '5.1.1': nobodyThere('There is no such mailbox'),
  '5.1.2': nobodyThere('The domain of the address takes no mail'),
  '5.1.3': nobodyThere('The mail server says that this is no address'),
  '5.1.6': nobodyThere('The mailbox has moved'),
  '5.1.7': refusedRoute('The mail server refuses the address that mails come from; look at from'),
  '5.1.8': refusedRoute('The mail server refuses the domain that mails come from; look at from'),
  '5.1.10': nobodyThere('The domain of the address takes no mail'),
  '5.2.1': refusedRecipient('The mailbox is switched off'),
  '5.2.2': refusedRecipient('The mailbox is full'),
  '5.2.3': refusedText('The mail is too large for the mailbox'),
  '5.3.4': refusedText('The mail is too large for the mail server'),
  '5.7.1': refusedRoute('The mail server does not let the mail through'),
  '5.7.26': refusedRoute('The sender is not authenticated; look at SPF and DKIM of its domain'),
  '421': laterByLoad('The mail server takes no mail at the moment'),
  '450': laterByLoad('The mailbox can not be used at the moment'),
  '451': laterByLoad('The mail server had a failure, or asks to come back later'),
  '452': laterByLoad('The mail server or the mailbox has no room at the moment', 60),
  '454': {
    kind: 'later',
    cause: 'failure',
    reason: 'The mail server can not check the password or begin TLS at the moment',
  },
  '530': credentials('The mail server asks for a login; write user and password into url'),
  '534': credentials('The mail server does not take this way of logging in'),
  '535': credentials('The mail server refuses user and password'),
  '538': credentials('The mail server takes the password over TLS only'),
  '550': refusedRecipient('The mail server does not take mail for this address'),
  '551': refusedRecipient('The mail server does not take mail for this address'),
  '552': refusedText('The mail is too large'),
  '553': refusedRecipient('The mail server does not take this address'),
  '554': refusedRoute('The mail server refuses the mail'),
};
