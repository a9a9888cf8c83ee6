import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { Clock } from '../../common/clock.js';
import { idMaker } from '../../common/ids.js';
import { hashSecret, newSecret, sameSecret } from '../../common/secrets.js';
import { Signer } from '../../common/signer.js';
import type { TenantId } from '../../common/tenant-id.js';
import { DAY_MILLIS, later } from '../../domain/time.js';
import type { ConfirmationDoc } from './confirmation.js';
import { ConfirmationsRepository } from './confirmations.repository.js';

export interface NewConfirmation {
  tenant: TenantId;
  subject: string;
  address: string;
  lifeSeconds: number;
  data?: ConfirmationDoc['data'];
}

/** What was issued; neither code nor token is kept or written anywhere else. */
export interface Issued {
  id: string;
  /** Six digits. */
  code: string;
  /** For a link. */
  token: string;
}

/** Codes and links by which people prove that an address is theirs: kept as hashes, for a while, each for one use. */
@Injectable()
export class Confirmations {
  private readonly nextId: () => string;

  constructor(
    private readonly repository: ConfirmationsRepository,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('cnf', () => clock.now());
  }

  /** The one before of the same subject ends. */
  async issue({ tenant, subject, address, lifeSeconds, data }: NewConfirmation): Promise<Issued> {
    const id = this.nextId();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const token = newSecret('tlc');
    const expires_at = later(this.clock.now(), lifeSeconds * 1000);
    await this.repository.insert({
      _id: id,
      tenant_id: tenant,
      subject,
      address,
      code_hash: this.codeHash(id, code),
      token_hash: hashSecret(token),
      tries: 0,
      ...(data ? { data } : {}),
      expires_at,
      purge_at: later(expires_at, DAY_MILLIS),
    });
    return { id, code, token };
  }

  /** Null for a wrong code, and for every one after too many tries. Of two callers with the right one, one alone gets it. */
  async byCode(tenant: TenantId, subject: string, code: string): Promise<ConfirmationDoc | null> {
    const newest = await this.repository.newest(tenant, subject);
    if (!newest || !this.isLive(newest) || !(await this.repository.takeTry(newest))) return null;
    if (!sameSecret(this.codeHash(newest._id, code), newest.code_hash)) return null;
    return (await this.repository.use(newest)) ? newest : null;
  }

  /** `kind`: the beginning of its subject, before the colon. */
  async byToken(token: string, kind: string): Promise<ConfirmationDoc | null> {
    const found = await this.peek(token, kind);
    return found && (await this.repository.use(found)) ? found : null;
  }

  /** The same, and it can still be used. */
  async peek(token: string, kind: string): Promise<ConfirmationDoc | null> {
    const found = await this.repository.byToken(hashSecret(token));
    if (!found?.subject.startsWith(`${kind}:`) || !this.isLive(found)) return null;
    const newest = await this.repository.newest(found.tenant_id, found.subject);
    return newest?._id === found._id ? found : null;
  }

  private isLive({ expires_at }: ConfirmationDoc): boolean {
    return expires_at > this.clock.now();
  }

  /** A million codes are soon hashed, so the hash has a key. */
  private codeHash(id: string, code: string): string {
    return this.signer.sign('confirmation codes', `${id}:${code}`);
  }
}
