import { ApiError } from '../../common/errors.js';
import { parseToldJson } from '../../common/http/json-body.js';
import { isObject } from '../json-values.js';

const text = (example: string) => ({ type: 'string', examples: [example] });
const schema = {
  type: 'object',
  properties: {
    webhookId: text('received'),
    event: text('sms:received'),
    deviceId: text('agt_01jd2m0q8nfgt1vwzzk4x6s5ah'),
    payload: {
      type: 'object',
      properties: {
        messageId: text('a1b2c3'),
        sender: text('+84901234567'),
        message: text('Vâng ạ'),
        receivedAt: text('2026-11-21T17:00:00.000+07:00'),
      },
    },
  },
} as const;

/** For the document. */
export const RECEIVED = { required: true, content: { 'application/json': { schema: schema as never } } };

export interface AppPost {
  event: string;
  deviceId: string;
  payload: Record<string, unknown>;
}

/** Null for a body of another shape. @throws ApiError 400 for one that isn't JSON. */
export function readPost(body: string): AppPost | null {
  if (body === '') throw new ApiError(400, 'empty_body', 'Send what the phone received as JSON.');
  const post = parseToldJson(Buffer.from(body)) as Partial<AppPost> | null;
  const isPost = typeof post?.event === 'string' && typeof post.deviceId === 'string' && isObject(post.payload ?? {});
  return isPost ? { event: post.event!, deviceId: post.deviceId!, payload: post.payload ?? {} } : null;
}
