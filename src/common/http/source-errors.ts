import { STATUS_CODES } from 'node:http';
import { ApiError, NO_CREDENTIALS } from '../errors.js';

/** An error in a source system's own words: its surface sends this body as it is. */
export class WordedError extends ApiError {
  constructor(
    status: number,
    readonly body: object,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, 'worded', 'message' in body ? String(body.message) : '', [], headers);
  }
}

const text = { type: 'string' };

export const FLOWROUTE_ERROR = {
  name: 'FlowrouteError',
  schema: {
    type: 'object',
    required: ['message'],
    properties: {
      message: text,
      reason: { ...text, description: 'What kind of mistake it is.' },
      status: { const: 'failed', description: 'The call was right, and could not be done.' },
      strerr: { ...text, description: 'Why the texts could not be sent.' },
    },
  },
};

/** What its texts could not be sent by is told as the source system did, whose carrier Flowroute was. */
export const dispatchFailed = (strerr: string): ApiError =>
  new WordedError(500, {
    message: "An error occured when requesting against Flowroute's API.",
    strerr,
    reason: 'InternalSMSDispatcherError',
  });
export const FLOWROUTE_ERRORS = [dispatchFailed('No phone and no carrier can send from this number.')];

export function flowrouteError(error: ApiError): object {
  if (error instanceof WordedError) return error.body;
  return { message: error.message, reason: error.status === 400 ? 'invalidAPIUsage' : error.code };
}

const UNREADABLE = 'There was an issue parsing your request.';
export const FLOWROUTE_INBOUND_ERROR = {
  name: 'FlowrouteInboundError',
  schema: { anyOf: [{ const: UNREADABLE }, FLOWROUTE_ERROR.schema] },
};

export function flowrouteInboundError(error: ApiError): object | string {
  return error.status === 400 ? UNREADABLE : flowrouteError(error);
}

export const CONVERSATIONS_ERROR = {
  name: 'ConversationsError',
  schema: {
    type: 'object',
    required: ['message', 'raw_message'],
    properties: { message: text, raw_message: { ...text, description: 'Why.' } },
  },
};

/** Nothing is left of the session. */
export const notCreated = (why: string): ApiError =>
  new WordedError(500, { message: 'Could not create session', raw_message: why });
export const notAdded = (why: string): ApiError =>
  new WordedError(500, { message: 'Could not add participants session', raw_message: why });
export const CONVERSATIONS_ERRORS = [notAdded('Not enough numbers available in pool for +12065550111')];

export function conversationsError(error: ApiError): object {
  return error instanceof WordedError ? error.body : { message: error.message, raw_message: error.code };
}

export const SMSS_ERROR = {
  name: 'SmssError',
  schema: {
    type: 'object',
    required: ['success'],
    properties: {
      success: { const: false },
      error: { type: 'integer', description: 'The HTTP status.' },
      message: text,
    },
  },
};

/** Firebase has refused it: the source system said no more. */
export const notTold = (): ApiError => new WordedError(500, { success: false });
export const SMSS_ERRORS = [notTold()];

/** HTTP's own errors go by its phrase; what only this gateway has to say, it says. */
export function smssError(error: ApiError): object {
  if (error instanceof WordedError) return error.body;
  const { status, message } = error;
  return { success: false, error: status, message: status === 409 ? message : STATUS_CODES[status] };
}

const reasons = { type: 'array', items: text };
export const NOTIFIER_ERROR = {
  name: 'NotifierError',
  schema: {
    anyOf: [
      { type: 'object', required: ['detail'], properties: { detail: text } },
      { type: 'object', additionalProperties: reasons, description: 'By field, what is wrong with it.' },
      reasons,
    ],
  },
};

export function notifierError(error: ApiError): object {
  if (error instanceof WordedError) return error.body;
  const isAnonymous = error.message === NO_CREDENTIALS;
  return { detail: isAnonymous ? 'Authentication credentials were not provided.' : error.message };
}

export const SMSGATE_ERROR = {
  name: 'SmsgateError',
  schema: {
    type: 'object',
    required: ['message'],
    properties: { message: text, code: { ...text, description: 'What kind of error it is.' } },
  },
};

/** What the app's own server has and this gateway hasn't. */
export const notAvailable = (what: string, instead: string): ApiError =>
  new ApiError(501, 'not_available', `${what} can’t be set here. ${instead}`);
export const SMSGATE_ERRORS = [notAvailable('Webhooks', 'There are none.')];

/** The app and its client show the message to people. */
export function smsgateError({ code, message }: ApiError): object {
  return { message, code };
}

export const CHT_ERROR = {
  name: 'ChtError',
  schema: {
    type: 'object',
    required: ['error', 'message'],
    properties: { error: { const: true }, message: text },
  },
};

/** The app shows the message in its log. */
export function chtError({ message }: ApiError): object {
  return { error: true, message };
}
