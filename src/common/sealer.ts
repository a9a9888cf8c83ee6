import { Injectable } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { decrypt, deriveKey, encrypt, isEncryptedWith, keyId, sameSecret, signatureOf } from './secrets.js';

/** Encrypts with SECRETS_KEY what the store keeps secret, and opens it, also what a key of SECRETS_KEY_OLD has encrypted. */
@Injectable()
export class Sealer {
  constructor(private readonly config: Config) {}

  seal(plain: string): string {
    return encrypt(plain, this.key);
  }

  /** @throws when no key opens it. */
  open(sealed: string): string {
    return decrypt(sealed, this.config.secretsKeys);
  }

  /** Whether SECRETS_KEY itself has encrypted it. */
  isCurrent(sealed: string): boolean {
    return isEncryptedWith(sealed, this.key);
  }

  /** Signs what we hand out and want to know again, for one purpose. */
  sign(purpose: string, text: string): string {
    return signatureOf(text, deriveKey(this.key, purpose));
  }

  /** Also of what was signed with a key of SECRETS_KEY_OLD. */
  isSigned(purpose: string, text: string, signature: string): boolean {
    return this.config.secretsKeys.some((key) => sameSecret(signature, signatureOf(text, deriveKey(key, purpose))));
  }

  get keyId(): string {
    return keyId(this.key);
  }

  private get key(): string {
    return this.config.secretsKeys[0]!;
  }
}
