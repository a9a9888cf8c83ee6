import { createVerify, generateKeyPairSync } from 'node:crypto';
import { selfSigned } from '../support/self-signed.js';
import { ProviderServer, type Call, type Reply, type TakenText } from './provider-server.js';

export interface TakenPush extends TakenText {
  /** As it was posted: `token`, `fid` or `topic`, and the notification. */
  message: Record<string, unknown>;
}

/** Google on loopback, over TLS: tokens for a service account, and pushes. */
export class FakeFcm extends ProviderServer<TakenPush> {
  readonly projectId = 'shop-4711';
  readonly email = 'push@shop-4711.iam.gserviceaccount.com';
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  /** What the next call for a token gets instead of one. */
  tokenReply: Reply | null = null;
  tokens = 0;
  /** Tokens of devices where the app isn't any more. */
  readonly gone = new Set<string>();
  private made = 0;

  constructor(now?: () => Date) {
    super(now, selfSigned());
  }

  /** As Google gives it out. */
  serviceAccount(more: object = {}): string {
    const key = this.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const account = { type: 'service_account', project_id: this.projectId, client_email: this.email, private_key: key };
    return JSON.stringify({ ...account, ...more });
  }

  protected sends(method: string, path: string): boolean {
    return method === 'POST' && path.endsWith('/messages:send');
  }

  protected refusal(call: Call): Reply | null {
    if (call.headers.authorization !== `Bearer token-${this.tokens}`) return fcmError(401, 'UNAUTHENTICATED');
    if (call.path !== `/v1/projects/${this.projectId}/messages:send`) return fcmError(403, 'PERMISSION_DENIED');
    const { token } = messageOf(call);
    if (typeof token === 'string' && this.gone.has(token)) return fcmError(404, 'NOT_FOUND', 'UNREGISTERED');
    if (token === 'malformed') return fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'message.token');
    return null;
  }

  protected read(call: Call): TakenPush {
    const message = messageOf(call);
    const { token, fid, topic, notification } = message as Record<string, any>;
    const ref = `projects/${this.projectId}/messages/0:${++this.made}%abc`;
    const to = `${token ?? fid ?? topic}`;
    const text = notification.body as string;
    const rest = { attempt: null, from: null, callbackUrl: null, status: 'sent', code: null, at: this.now() };
    return { ref, to, text, message, ...rest };
  }

  protected yes({ ref }: TakenPush): Reply {
    return { status: 200, body: { name: ref } };
  }

  protected receipts(): [] {
    return [];
  }

  protected serve(call: Call): Reply {
    if (call.path !== '/token') return fcmError(404, 'NOT_FOUND');
    if (this.tokenReply) return this.tokenReply;
    if (!this.hasSigned(new URLSearchParams(call.body).get('assertion') ?? ''))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    return { status: 200, body: { access_token: `token-${++this.tokens}`, expires_in: 3599, token_type: 'Bearer' } };
  }

  private hasSigned(assertion: string): boolean {
    const [head, claims, signature = ''] = assertion.split('.');
    const { iss, scope } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString());
    const isSigned = createVerify('sha256')
      .update(`${head}.${claims}`)
      .verify(this.keys.publicKey, Buffer.from(signature, 'base64url'));
    return isSigned && iss === this.email && scope === 'https://www.googleapis.com/auth/firebase.messaging';
  }
}

function messageOf({ body }: Call): Record<string, unknown> {
  return JSON.parse(body).message;
}

/** An error as Google words it; `code` is messaging's own, `field` what it finds wrong. Its message names the token. */
export function fcmError(
  status: number,
  general: string,
  code?: string,
  field?: string,
  headers?: Record<string, string>,
): Reply {
  const details = [
    ...(code ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: code }] : []),
    ...(field
      ? [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: 'Invalid' }] }]
      : []),
  ];
  const error = { code: status, message: 'The token dev1ce:APA91 is not valid', status: general, details };
  return { status, body: { error }, ...(headers ? { headers } : {}) };
}
