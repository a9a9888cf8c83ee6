import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { SettingsService } from '../tenants/settings.service.js';
import { TenantsService } from '../tenants/tenants.service.js';

const MOST_LOOKED_AT = 100;
const MOST_NAMED = 10;

/** Says at a production start whose phones can be taken over by who knows, or guesses, one shared secret. */
@Injectable()
export class RotationAdvice implements OnApplicationBootstrap {
  private readonly logger = new Logger(RotationAdvice.name);

  constructor(
    private readonly tenants: TenantsService,
    private readonly settings: SettingsService,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.isProduction) return;
    const open: string[] = [];
    for (const { _id, slug } of await this.tenants.firstBySlug(MOST_LOOKED_AT)) {
      if ((await this.settings.get(_id)).agent_rotation === 'secret') open.push(slug);
    }
    if (open.length === 0) return;
    const names = open.slice(0, MOST_NAMED).join(', ') + (open.length > MOST_NAMED ? ', ...' : '');
    this.logger.warn(
      `The registration secret alone gives a known phone a new token in: ${names}. ` +
        'PUT /admin/settings {"agent_rotation":"old_token"} asks for its old token or a one-time code as well.',
    );
  }
}
