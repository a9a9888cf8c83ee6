import { Injectable } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { deriveKey, sameSecret, signatureOf } from './secrets.js';

/** Of SHA-256. */
const WHOLE = 32;

/** Signs with keys that are derived from SECRETS_KEY, one for each purpose; what a key of SECRETS_KEY_OLD has signed still counts. */
@Injectable()
export class Signer {
  constructor(private readonly config: Config) {}

  /** `bytes`: fewer make a shorter link. */
  sign(purpose: string, text: string, bytes = WHOLE): string {
    return signatureOf(text, deriveKey(this.config.secretsKeys[0]!, purpose), bytes);
  }

  isSigned(purpose: string, text: string, signature: string, bytes = WHOLE): boolean {
    const keys = this.config.secretsKeys.map((key) => deriveKey(key, purpose));
    return keys.some((key) => sameSecret(signatureOf(text, key, bytes), signature));
  }
}
