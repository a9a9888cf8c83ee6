import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { OwnTexts } from '../../messages/own-texts.js';
import { RouteChoice } from '../../routing/route-choice.js';

export interface PrivateText {
  /** The confirmation, or another row, because of which it is sent. */
  because: string;
  /** Which of several because of the same row. */
  purpose?: string;
  to: string;
  subject?: string;
  text: string;
  ttlSeconds: number;
}

/** Texts with a code or a link, which the recipient has asked for and nobody else is shown. */
@Injectable()
export class PrivateTexts {
  constructor(
    private readonly texts: OwnTexts,
    private readonly routes: RouteChoice,
  ) {}

  /** Null: nothing of the tenant's sends by this channel. */
  route(tenant: TenantId, channel: 'sms' | 'email'): Promise<string | null> {
    return this.routes.choose(tenant, channel);
  }

  async send(
    tenant: TenantId,
    channel: 'sms' | 'email',
    route: string,
    { because, purpose = 'code', ...text }: PrivateText,
  ): Promise<void> {
    await this.texts.send({
      tenant,
      because: { id: because, purpose: `private ${purpose}` },
      channel,
      ...text,
      route,
      priority: 'HIGH',
      ignoresOptOuts: true,
      confidential: true,
    });
  }
}
