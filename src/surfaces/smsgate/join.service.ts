import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SystemActor } from '../../audit/audit.service.js';
import { RegistrationCodes, type Welcome } from '../../agents/registration-codes.js';
import type { User } from '../../auth/principal.js';
import { AppSettings } from './app-settings.service.js';
import { MOBILE_PATH } from './mobile-path.js';
import { qrPng, qrSvg } from './qr-code.js';

/** How a new phone joins: a code, the address to enter in the app, and a page for the phone's browser from which to copy both. */
@Injectable()
export class Join {
  constructor(
    private readonly codes: RegistrationCodes,
    private readonly settings: AppSettings,
  ) {}

  async invite(caller: User, welcome: Welcome, request: FastifyRequest) {
    const invited = await this.inviteTo(this.settings.baseUrl(request), caller, welcome);
    return { ...invited, qr_png_url: qrPng(invited.join_url), qr_svg: qrSvg(invited.join_url) };
  }

  /** The same without the pictures, for a phone that reaches the gateway there. */
  async inviteTo(baseUrl: string, caller: User | SystemActor, welcome: Welcome) {
    const { code, expires_at } = await this.codes.issue(caller, welcome);
    return {
      code,
      expires_at,
      server_url: `${baseUrl}/${MOBILE_PATH}`,
      join_url: `${baseUrl}/phones/join/${code}`,
    };
  }

  /** What is entered in the app. */
  serverUrl(request: FastifyRequest): string {
    return `${this.settings.baseUrl(request)}/${MOBILE_PATH}`;
  }
}
