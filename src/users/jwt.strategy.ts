import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/load-config.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Checks signature, algorithm and time of a token; what its claims mean is judged by TokenAuthenticator. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(config: Config) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() as unknown as (request: FastifyRequest) => string | null,
      secretOrKey: config.JWT_SECRET!,
      algorithms: ['HS256'],
      // The clock is ours to check, so that tests can move it.
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    } as ConstructorParameters<typeof Strategy>[0]);
  }

  validate(claims: Claims): Claims {
    return claims;
  }
}
