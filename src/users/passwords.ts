import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { PasswordTurns } from './password-turns.js';

const COST = 10;
/** Compared against when the user doesn't exist, so that a name's existence can't be told from the time. */
const NOBODY = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8.PnZ4SZ0Xy4G8dUX0vCqKp5bEYJ4e';

@Injectable()
export class Passwords {
  private readonly turns = new PasswordTurns();

  /**
   * `address`: of somebody who isn't known yet. Those who are known are one more in the row, all together.
   * @throws ApiError 503 when too many wait.
   */
  hash(password: string, address = ''): Promise<string> {
    return this.turns.run(address, () => bcrypt.hash(password, COST));
  }

  /**
   * Runs `attempt` when its turn has come, with the means to compare. What it reads before and writes after the comparison is inside
   * the turn, so that of a thousand guesses at the same moment each sees the failures of those before it. Addresses take turns.
   * @throws ApiError 503 when too many wait.
   */
  inTurn<T>(address: string, attempt: (compare: Compare) => Promise<T>): Promise<T> {
    return this.turns.run(address, () => attempt(compare));
  }
}

type Compare = (password: string, hash: string | undefined) => Promise<boolean>;
/** bcrypt ignores what follows byte 72: a longer password is another one, not the same. */
const compare: Compare = async (password, hash) =>
  (await bcrypt.compare(password, hash ?? NOBODY)) && hash !== undefined && Buffer.byteLength(password) <= 72;
