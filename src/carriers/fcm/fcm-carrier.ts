import { readPushTarget } from '../../domain/push-target.js';
import type { CallbackReading, Capabilities, Carrier, OutgoingText, SendOutcome, TestOutcome } from '../carrier.js';
import type { CarrierContext } from '../carrier-kinds.js';
import { httpCall } from '../http-call.js';
import { outcomeOfUnanswered } from '../unanswered.js';
import type { AccessTokens, TokenOutcome } from './access-tokens.js';
import { outcomeOfSend } from './fcm-outcome.js';

const OWN_URL = 'https://fcm.googleapis.com';
/** Firebase takes 4,096 bytes, with what stands around the words. */
const MOST_BYTES = 3900;

const REFUSED = 'Google refuses the service account';

/** A Firebase project: pushes to devices, browsers and topics. What becomes of a push, Firebase doesn't tell us. */
export class FcmCarrier implements Carrier {
  readonly capabilities: Capabilities = {
    channels: ['push'],
    characters: 3500,
    per_second: 100,
    concurrency: 20,
    receipts: false,
  };
  private readonly sendUrl: string;

  constructor(
    projectId: string,
    private readonly tokens: AccessTokens,
    private readonly context: Pick<CarrierContext, 'baseUrl' | 'trustsStandIn' | 'now'>,
  ) {
    this.sendUrl = `${context.baseUrl ?? OWN_URL}/v1/projects/${encodeURIComponent(projectId)}/messages:send`;
  }

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    if (signal.aborted) return outcomeOfUnanswered({ kind: 'unsent', code: 'aborted' }, 'Firebase');
    const target = readPushTarget(text.to);
    if (!target) {
      const reason = 'This is no target of a push: token:, fid: or topic: has to stand in front';
      return { kind: 'refused', fault: 'recipient', code: 'bad_target', reason };
    }
    const notification = { ...(text.subject ? { title: text.subject } : {}), body: text.text };
    if (Buffer.byteLength(JSON.stringify(notification)) > MOST_BYTES) {
      const reason = `Title and text together have more than ${MOST_BYTES} bytes`;
      return { kind: 'refused', fault: 'text', code: 'too_large', reason };
    }
    const token = await this.tokens.get(signal);
    if (token.kind !== 'token') return outcomeOfNoToken(token);
    const body = JSON.stringify({ message: { [target.kind]: target.value, notification } });
    const outcome = outcomeOfSend(await this.post(body, token.token, signal), this.context.now());
    if (outcome.kind === 'later' && outcome.code === 'UNAUTHENTICATED') this.tokens.forget();
    return outcome;
  }

  /** Gets a token, which only the owner of the key can. */
  async test(signal: AbortSignal): Promise<TestOutcome> {
    this.tokens.forget();
    const outcome = await this.tokens.get(signal);
    if (outcome.kind === 'token') return { kind: 'proven' };
    const { code } = outcome;
    return outcome.kind === 'refused'
      ? { kind: 'refused', field: 'service_account', code, reason: REFUSED }
      : { kind: 'untried', code, reason: `Google did not answer (${code})` };
  }

  readCallback(): CallbackReading {
    return { kind: 'forged', reason: 'Firebase makes no calls' };
  }

  private post(body: string, token: string, signal: AbortSignal) {
    return httpCall({
      method: 'POST',
      url: this.sendUrl,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
      signal,
      trustsAnybody: this.context.trustsStandIn,
    });
  }
}

function outcomeOfNoToken({ kind, code }: Exclude<TokenOutcome, { kind: 'token' }>): SendOutcome {
  if (kind === 'failed') return outcomeOfUnanswered({ kind: 'unsent', code }, 'Google');
  return { kind: 'later', cause: 'failure', account: true, retry_after: 60, code, reason: REFUSED };
}
