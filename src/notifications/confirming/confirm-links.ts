import { Injectable } from '@nestjs/common';
import { Sealer } from '../../common/sealer.js';
import { isId } from '../../common/ids.js';
import { Config } from '../../config/load-config.js';
import type { RecipientDoc } from '../notification.js';

const PURPOSE = 'confirm a notification';

/** Links by which somebody confirms that they were told. They name one recipient, and can't be guessed. */
@Injectable()
export class ConfirmLinks {
  constructor(
    private readonly sealer: Sealer,
    private readonly config: Config,
  ) {}

  /** Whether there can be any: they have to lead here. */
  get areKnown(): boolean {
    return this.config.PUBLIC_URL !== undefined;
  }

  of({ _id }: Pick<RecipientDoc, '_id'>): string {
    const base = (this.config.PUBLIC_URL ?? '').replace(/\/+$/, '');
    return `${base}/confirm/${_id.slice(4)}.${this.sealer.sign(PURPOSE, _id)}`;
  }

  /** The recipient's id; null for a token that none of ours is. */
  read(token: string): string | null {
    const [rest = '', signature = ''] = token.split('.');
    const id = `rcp_${rest}`;
    return isId('rcp', id) && this.sealer.isSigned(PURPOSE, id, signature) ? id : null;
  }
}
