import type { TestOutcome } from '../carrier.js';
import { jsonOf, type HttpOutcome } from '../http-call.js';
import { codeOf } from './twilio-receipt.js';

/** Whether the credentials belong to the account, by how Twilio answered when it was asked for the account. */
export function outcomeOfTest(result: HttpOutcome): TestOutcome {
  if (result.kind !== 'answered')
    return { kind: 'untried', code: result.code, reason: `Twilio did not answer (${result.code})` };
  const body = jsonOf(result);
  const code = codeOf(body['code']) ?? `http_${result.status}`;
  if (result.status === 401) {
    const reason = 'Twilio refuses the credentials: account_sid and auth_token do not belong together';
    return { kind: 'refused', field: 'auth_token', code, reason };
  }
  if (result.status !== 200)
    return { kind: 'untried', code, reason: `Twilio does not show the account (HTTP ${result.status})` };
  const { status, friendly_name: name } = body;
  if (status === 'suspended' || status === 'closed')
    return { kind: 'refused', field: 'account_sid', code: status, reason: `Twilio says that the account is ${status}` };
  return { kind: 'proven', ...(typeof name === 'string' && name ? { name: name.slice(0, 200) } : {}) };
}
