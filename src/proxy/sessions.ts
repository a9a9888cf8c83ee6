import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Participant, SessionDoc } from './session.js';

export interface NewParticipant {
  address: string;
  channel: Participant['channel'];
  name?: string;
}

export interface NewSession {
  participants: readonly NewParticipant[];
  /** `one`: all see the same number, which is an exclusive one where the pool has any free (the `/session` surface). `each`: a number each. */
  numbers: 'one' | 'each';
  expiresAt?: Date | null;
  inactiveSeconds?: number;
  uniqueName?: string;
  friendlyName?: string;
  attributes?: string;
  tellsExpiry?: true;
  /** Told to everybody, in their order, as soon as it is open. */
  startText?: string;
}

export type Opened =
  | { session: SessionDoc }
  /** No number of the pool is free for this address; null: for none of them. */
  | { exhausted: string | null }
  /** The start text could not be sent: nothing is left of the session. `reason`: in words. */
  | { failed: string };

/** Masked conversations: opened whole or not at all, ended, looked up. */
@Injectable()
export class Sessions {
  async open(_tenant: TenantId, _order: NewSession): Promise<Opened> {
    throw new Error('not built');
  }

  /** Null when there is no such open session. `endText`: told to everybody, from the numbers that they know. */
  async close(_tenant: TenantId, _id: string, _endText?: string): Promise<SessionDoc | null> {
    return null;
  }

  async get(_tenant: TenantId, _id: string): Promise<SessionDoc | null> {
    return null;
  }

  /** Newest first; expired ones are closed first. */
  async list(
    _tenant: TenantId,
    _state: 'open' | 'closed' | 'any',
    _limit: number,
    _skip?: number,
  ): Promise<SessionDoc[]> {
    return [];
  }

  /** The open session in which this person sees this number; one that has expired is closed, and is none. */
  async withClaim(_tenant: TenantId, _tn: string, _address: string): Promise<SessionDoc | null> {
    return null;
  }

  /** Open sessions in which this person is. */
  async ofAddress(_tenant: TenantId, _address: string): Promise<SessionDoc[]> {
    return [];
  }
}
