import { Injectable } from '@nestjs/common';
import { createHmac, hkdfSync } from 'node:crypto';
import { Config } from '../config/load-config.js';
import { sameSecret } from './secrets.js';

/** Signs with keys that are derived from SECRETS_KEY, one for each purpose; what a key of SECRETS_KEY_OLD has signed still counts. */
@Injectable()
export class Signer {
  constructor(private readonly config: Config) {}

  sign(purpose: string, text: string): string {
    return signed(this.config.secretsKeys[0]!, purpose, text);
  }

  isSigned(purpose: string, text: string, signature: string): boolean {
    return this.config.secretsKeys.some((key) => sameSecret(signed(key, purpose, text), signature));
  }
}

function signed(key: string, purpose: string, text: string): string {
  const derived = Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, 32));
  return createHmac('sha256', derived).update(text).digest('base64url');
}
