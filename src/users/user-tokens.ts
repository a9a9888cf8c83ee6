import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import type { UserDoc } from './user.js';

/** `iss` of our own tokens; what is signed elsewhere has another or none. */
export const OWN_ISSUER = 'trunkline';

export interface OwnClaims {
  iss: typeof OWN_ISSUER;
  sub: string;
  username: string;
  role: string;
  tenant: string;
  /** The user's `token_version` when it was signed. */
  ver: number;
  iat: number;
  exp: number;
}

@Injectable()
export class UserTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  sign(user: UserDoc, tenantSlug: string): { access_token: string; expires_in: number } {
    const seconds = this.config.JWT_ACCESS_MINUTES * 60;
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    const claims: OwnClaims = {
      iss: OWN_ISSUER,
      sub: user._id,
      username: user.username,
      role: user.role,
      tenant: tenantSlug,
      ver: user.token_version,
      iat,
      exp: iat + seconds,
    };
    return { access_token: this.jwt.sign(claims, { algorithm: 'HS256' }), expires_in: seconds };
  }
}
