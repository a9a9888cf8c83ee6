import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
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
    const { code, expires_at } = await this.codes.issue(caller, welcome);
    const page = `${this.settings.baseUrl(request)}/phones/join/${code}`;
    return {
      code,
      expires_at,
      server_url: this.serverUrl(request),
      join_url: page,
      qr_png_url: qrPng(page),
      qr_svg: qrSvg(page),
    };
  }

  /** What is entered in the app. */
  serverUrl(request: FastifyRequest): string {
    return `${this.settings.baseUrl(request)}/${MOBILE_PATH}`;
  }
}
