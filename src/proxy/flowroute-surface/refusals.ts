import type { ApiError } from '../../common/errors.js';
import { WordedError } from '../../common/http/source-errors.js';

const missing = (fields: string) => () =>
  new WordedError(400, { message: `Required argument: ${fields}`, reason: 'invalidAPIUsage' });

/** What is wrong with a body is told in one sentence per route, to the letter. */
export const TN_USAGE = missing("'value' (str, length <= 18)");
const NO_PARTICIPANTS = missing("'participant_a' (str, length <= 18), 'participant_b' (str, length <= 18)");
export const END_USAGE = missing("'session_id' (str)");

/** That a window is wrong, the source system did not look for. */
export function openUsage({ details }: ApiError): ApiError {
  const isWindow = details.length > 0 && details.every(({ field }) => field === 'expiry_window');
  return isWindow ? wrongField('expiry_window', 'must be a number of minutes, 0 or more') : NO_PARTICIPANTS();
}

/** These mistakes the source system did not look for. */
export const wrongField = (field: string, problem: string) =>
  new WordedError(400, { message: `'${field}' ${problem}`, reason: 'invalidAPIUsage' });
export const NO_NUMBER = 'must be a telephone number with its country code, such as 12065550100';

export const tnExists = () =>
  new WordedError(400, { message: 'Virtual TN already exists', reason: 'duplicate virtual TN' });

export const tnUnknown = () =>
  new WordedError(404, {
    message: 'Virtual TN could not be deleted because it does not exist',
    reason: 'virtual TN not found',
  });

export const tnInUse = (sessionId: string) =>
  failed(`Cannot delete the number. There is an active ProxySession ${sessionId} using that VirtualTN.`);

export const noTnFree = () => failed('Could not create a new session -- No virtual TNs available.');

export const sessionUnknown = (id: string) =>
  new WordedError(404, {
    message: `ProxySession ${id} could not be deleted because it does not exist`,
    reason: 'ProxySession not found',
  });

function failed(message: string): WordedError {
  return new WordedError(400, { message, status: 'failed' });
}
