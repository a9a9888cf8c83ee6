import { Injectable } from '@nestjs/common';
import { Signer } from '../../common/signer.js';
import { Config } from '../../config/load-config.js';
import type { PersonDoc } from '../person.js';

const PURPOSE = 'unsubscribe';

/** Links by which people unsubscribe. They hold as long as the key that signed them is known: a mail of last year is read, too. */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    private readonly signer: Signer,
    private readonly config: Config,
  ) {}

  /** Null without PUBLIC_URL. */
  to({ _id }: Pick<PersonDoc, '_id'>): string | null {
    const { publicUrl } = this.config;
    return publicUrl && `${publicUrl}/unsubscribe/${_id}.${this.signer.sign(PURPOSE, _id)}`;
  }

  /** The person's id; null when the token is none of ours. */
  read(token: string): string | null {
    const [id = '', signature = ''] = token.split('.');
    return token.length <= 200 && this.signer.isSigned(PURPOSE, id, signature) ? id : null;
  }
}
