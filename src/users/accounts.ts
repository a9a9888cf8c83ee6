import { Injectable } from '@nestjs/common';
import { UserDirectory } from './user-directory.js';

/** Accounts, as features that work with people need them. */
@Injectable()
export class Accounts {
  constructor(private readonly directory: UserDirectory) {}

  /** Nothing for a user whose token was signed elsewhere. */
  async addresses(id: string): Promise<{ email?: string; phone?: string }> {
    const user = await this.directory.byId(id);
    return { ...(user?.email ? { email: user.email } : {}), ...(user?.phone ? { phone: user.phone } : {}) };
  }
}
