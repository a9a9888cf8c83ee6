import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppRegistration } from '../../agents/app-registration.js';
import type { Welcome } from '../../agents/registration-codes.js';
import type { User } from '../../auth/principal.js';
import { Config } from '../../config/load-config.js';
import { baseUrl } from '../base-url.js';
import { CHT_PATH } from './cht-path.js';

@Injectable()
export class ChtPhonesService {
  constructor(
    private readonly registration: AppRegistration,
    private readonly config: Config,
  ) {}

  /** The app has no other place for its credentials than the address. */
  async create(caller: User, welcome: Welcome, request: FastifyRequest) {
    const { agent, token } = await this.registration.create(caller, 'cht', welcome);
    const url = new URL(`${baseUrl(this.config, request)}/${CHT_PATH}`);
    url.username = agent._id;
    url.password = token;
    return {
      agent_id: agent._id,
      url: url.href,
      how_to_enter: 'Paste the url into CHT Gateway (the generic build): Settings, “Webapp URL”, Save.',
    };
  }
}
