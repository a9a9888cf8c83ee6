import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { createSecretKey } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { readCredentials } from '../auth/principal-source.js';
import { Config } from '../config/load-config.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Checks signature, algorithm and time of a token; what its claims mean is judged by TokenAuthenticator. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(config: Config) {
    super({
      // The same token whose head TokenAuthenticator looks at.
      jwtFromRequest: ((request: FastifyRequest) => readCredentials(request).bearer ?? null) as unknown as (
        request: object,
      ) => string | null,
      // Of a string jsonwebtoken would first try to make a public key, at every call, which costs more than all the rest.
      secretOrKey: createSecretKey(config.JWT_SECRET!, 'utf8'),
      algorithms: ['HS256'],
      // The clock is ours to check, so that tests can move it.
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    } as unknown as ConstructorParameters<typeof Strategy>[0]);
  }

  validate(claims: Claims): Claims {
    return claims;
  }
}
