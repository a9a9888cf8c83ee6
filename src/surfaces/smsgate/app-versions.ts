import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The app names itself so: `me.capcom.smsgateway/1.66.0`. */
const APP = /^me\.capcom\.smsgateway\/(\S{1,60})/;
/** What this surface was written for; others are served in the same way. */
const KNOWN = /^1\./;

/** Which version of the app calls. */
@Injectable()
export class AppVersions {
  private readonly logger = new Logger('SMSGate');
  private readonly told = new Set<string>();

  /** Null: it doesn't say. An unknown version is told in the log, once. */
  read({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
    const agent = headers['user-agent'] ?? '';
    const version = APP.exec(agent)?.[1] ?? null;
    if (version === null || !KNOWN.test(version)) this.tell(version ?? agent.slice(0, 60));
    return version;
  }

  private tell(what: string): void {
    if (this.told.has(what) || this.told.size >= 100) return;
    this.told.add(what);
    this.logger.warn(
      `A phone has an app of a version that is not known here (${what || 'it names none'}). It is served.`,
    );
  }
}
