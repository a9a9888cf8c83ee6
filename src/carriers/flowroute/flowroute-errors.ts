import {
  laterByLoad,
  refusedRecipient,
  refusedRoute,
  refusedText,
  type ErrorCatalogue,
  type ProviderError,
} from '../provider-errors.js';

const failure = (reason: string): ProviderError => ({ kind: 'later', cause: 'failure', reason });

/** Flowroute's codes, which answers and receipts share. Whether a receipt says that a text failed, its status tells, not its code. */
export const FLOWROUTE_ERRORS: ErrorCatalogue = {
  1005: refusedText("The recipient's carrier has rejected the text"),
  1006: refusedRecipient('The phone could not be reached in time'),
  1007: refusedRecipient('The text could not be delivered'),
  1008: refusedRoute('Flowroute could not send the text, and will not'),
  1009: refusedRecipient('Only a part of the text could be sent'),
  1101: refusedRoute('Flowroute does not know the carrier of the number that it was sent from'),
  1102: refusedRecipient("Flowroute does not know the recipient's carrier"),
  1103: refusedRoute('The account may not send from this number'),
  1104: refusedRoute('The carrier of the number that it was sent from is switched off at Flowroute'),
  1105: refusedRecipient("The recipient's carrier is switched off at Flowroute"),
  1106: refusedRoute('Flowroute has no way to this number'),
  1107: refusedRoute('The number that it was sent from is of a kind that can not send texts'),
  1108: refusedRecipient('The number is of a kind that can not receive texts'),
  1109: refusedRoute('Flowroute does not allow the way to this number'),
  1110: { ...refusedRecipient('The recipient has opted out of texts from this number at Flowroute'), opt_out: true },
  1111: failure('Flowroute could not look up the number just now'),
  1112: refusedRecipient('Flowroute can not find out whose number this is'),
  1115: refusedRoute('Nobody at Flowroute sends texts of this kind'),
  1116: refusedRecipient('The number takes no texts'),
  1150: refusedText('Flowroute takes the text for spam'),
  1152: refusedText("The recipient's carrier takes the text for spam"),
  1201: refusedText('The text is too long for Flowroute'),
  1204: failure("The recipient's carrier had a failure"),
  1205: refusedRoute('The number that it was sent from is not valid'),
  1206: refusedRecipient('The number is not valid'),
  1210: laterByLoad("The carrier's queue is full"),
  1218: refusedRoute("The recipient's carrier did not take the text"),
};
