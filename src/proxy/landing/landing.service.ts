import { Injectable } from '@nestjs/common';
import { languageFor } from '../../common/http/html.js';
import type { TenantId } from '../../common/tenant-id.js';
import { Pool } from '../pool.js';
import { Sessions } from '../sessions.js';
import { landingPage } from './landing-page.js';

const SHOWN_SESSIONS = 20;

@Injectable()
export class LandingService {
  constructor(
    private readonly pool: Pool,
    private readonly sessions: Sessions,
  ) {}

  async page(tenant: TenantId, languages: string | undefined) {
    const language = languageFor(languages, ['en', 'vi']);
    const [pool, sessions] = await Promise.all([
      this.pool.list(tenant),
      this.sessions.list(tenant, 'open', SHOWN_SESSIONS),
    ]);
    return { language, html: landingPage(language, pool, sessions) };
  }
}
