import { Injectable } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { decrypt, encrypt, isEncryptedWith, keyId } from './secrets.js';

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

  get keyId(): string {
    return keyId(this.key);
  }

  private get key(): string {
    return this.config.secretsKeys[0]!;
  }
}
