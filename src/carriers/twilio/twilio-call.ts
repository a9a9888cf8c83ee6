import type { CallbackReading, CallOutcome } from '../carrier.js';
import { jsonOf, type HttpOutcome } from '../http-call.js';
import { codeOf } from './twilio-receipt.js';

/** After these nothing can be said to the caller any more. */
const ENDED = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];
const SID = /^[A-Za-z0-9]{1,64}$/;
/** Not worked on: the credentials, the time, the rate. */
const LATER = [401, 408, 429];

/** What Twilio tells of a call, at its beginning and, where the number's settings ask for it, at its end. */
export function phoneCallOf(fields: URLSearchParams): CallbackReading {
  const field = (...names: string[]): string => names.map((name) => fields.get(name) ?? '').find(Boolean) ?? '';
  const missing = (name: string): CallbackReading => ({
    kind: 'malformed',
    field: name,
    reason: `${name} is missing`,
  });
  const ref = field('CallSid');
  if (!ref) return missing('CallSid');
  if (!SID.test(ref)) return { kind: 'malformed', field: 'CallSid', reason: 'CallSid is not the id of a call' };
  const from = field('From', 'Caller');
  if (!from) return missing('From');
  const to = field('To', 'Called');
  if (!to) return missing('To');
  const seconds = field('CallDuration');
  return {
    kind: 'call',
    call: {
      ref,
      from: numberOf(from),
      to: numberOf(to),
      state: ENDED.includes(field('CallStatus')) ? 'ended' : 'under_way',
      ...(/^\d{1,7}$/.test(seconds) ? { seconds: Number(seconds) } : {}),
    },
  };
}

/** A `+` that was sent without being encoded arrives as a blank. */
function numberOf(address: string): string {
  const bare = address.replace(/^whatsapp:/, '').trim();
  return /^[1-9]\d{6,14}$/.test(bare) ? `+${bare}` : bare;
}

/** What became of a call that we asked for; as with texts, only a refusal says that it surely won't ring. */
export function outcomeOfCall(result: HttpOutcome): CallOutcome {
  if (result.kind === 'unsent')
    return { kind: 'later', code: result.code, reason: `Twilio could not be reached (${result.code})` };
  if (result.kind === 'unknown')
    return { kind: 'unknown', reason: `Twilio did not answer (${result.code}); it may be calling` };
  const { status } = result;
  const { sid, code: given } = jsonOf(result);
  if (status >= 200 && status < 300)
    return { kind: 'accepted', ref: typeof sid === 'string' && SID.test(sid) ? sid : null };
  if (status < 400 || status >= 500)
    return { kind: 'unknown', reason: `Twilio answered with HTTP ${status}; it may be calling` };
  const code = codeOf(given) ?? `http_${status}`;
  return { kind: LATER.includes(status) ? 'later' : 'refused', code, reason: `Twilio refuses the call (${code})` };
}
