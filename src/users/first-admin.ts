import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../common/errors.js';
import { newPassword } from '../common/secrets.js';
import { Config } from '../config/load-config.js';
import { ControlActions } from '../control/control-actions.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { normalizeUsername } from './user.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

export interface Seeded {
  username: string;
  created: boolean;
  /** Only when it was generated just now. */
  generatedPassword?: string;
}

/** The administrator of an empty installation. */
@Injectable()
export class FirstAdmin {
  private readonly logger = new Logger(FirstAdmin.name);

  constructor(
    private readonly repository: UsersRepository,
    private readonly users: UsersService,
    private readonly tenants: TenantsService,
    private readonly config: Config,
    actions: ControlActions,
  ) {
    // The name and the password of the command's environment, which needn't be the gateway's.
    actions.register('seed-admin', async ({ args: [name, password], say }) =>
      say(describeSeeded(await this.seed(name, password || undefined))),
    );
  }

  /** Idempotent. */
  async seed(
    name = this.config.SEED_ADMIN_USERNAME,
    chosen: string | undefined = this.config.SEED_ADMIN_PASSWORD,
  ): Promise<Seeded> {
    const username = normalizeUsername(name);
    if (await this.repository.byUsername(username)) return { username, created: false };
    const generated = chosen ? undefined : newPassword();
    const password = chosen ?? generated!;
    const tenant = await this.tenants.idOf(DEFAULT_TENANT);
    try {
      await this.users.insert(tenant, { username, password, role: 'platform_admin' });
    } catch (error) {
      // Another gateway that started at the same moment was first.
      if (error instanceof ApiError && error.status === 409) return { username, created: false };
      throw error;
    }
    return { username, created: true, ...(generated ? { generatedPassword: generated } : {}) };
  }

  /** At start: only while there is no user at all, so that a deleted or renamed administrator doesn't come back. */
  async seedWhenEmpty(): Promise<Seeded | null> {
    if (!this.config.SEED_ADMIN || !(await this.repository.isEmpty())) return null;
    const seeded = await this.seed();
    if (seeded.created) this.logger.log(`created the first administrator, ${seeded.username}`);
    return seeded;
  }
}

export function describeSeeded({ created, username, generatedPassword }: Seeded): string {
  return created
    ? `Created the administrator ${username}${generatedPassword ? ` with the password ${generatedPassword}` : ''}.`
    : `The user ${username} is there already; nothing was changed.`;
}
