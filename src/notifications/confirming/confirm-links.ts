import { Injectable } from '@nestjs/common';
import { Signer } from '../../common/signer.js';
import { isId } from '../../common/ids.js';
import { Config } from '../../config/load-config.js';
import type { RecipientDoc } from '../notification.js';

const PURPOSE = 'confirm a notification';
/** 128 bits: short enough for a link in an SMS, and nobody guesses them. */
const BYTES = 16;

/** Links by which somebody confirms that they were told. They name one recipient, and can't be guessed. */
@Injectable()
export class ConfirmLinks {
  constructor(
    private readonly signer: Signer,
    private readonly config: Config,
  ) {}

  /** Whether there can be any: they have to lead here. */
  get areKnown(): boolean {
    return this.config.publicUrl !== null;
  }

  of({ _id }: Pick<RecipientDoc, '_id'>): string {
    return `${this.config.publicUrl}/confirm/${_id.slice(4)}.${this.signer.sign(PURPOSE, _id, BYTES)}`;
  }

  /** The recipient's id; null for a token that none of ours is. */
  read(token: string): string | null {
    const [rest = '', signature = ''] = token.split('.');
    const id = `rcp_${rest}`;
    return isId('rcp', id) && this.signer.isSigned(PURPOSE, id, signature, BYTES) ? id : null;
  }
}
