import { Injectable } from '@nestjs/common';
import { toGsm7 } from '../domain/gsm7.js';
import type { WordLanguage } from '../domain/opt-out-words.js';
import { parseRoute } from '../domain/route.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { OwnTexts } from '../messages/own-texts.js';
import { RouteTargets } from '../routing/targets.js';
import type { Settings } from '../tenants/settings.js';
import { channelOf, routeOf } from './inbound-sender.js';

/** One segment each with a name of usual length, and nothing that could be taken for advertising. */
const TEXTS: Readonly<Record<WordLanguage, string>> = {
  en: '{org_name}: You are unsubscribed and will get no more texts. Reply START to get them again.',
  vi: '{org_name}: Ban da ngung nhan tin va se khong nhan them tin nao. Soan BAT DAU de nhan lai.',
};
/** A confirmation that comes the day after confuses more than it says. */
const TTL_SECONDS = 24 * 3600;

/** The text that confirms a STOP, by the way that it came. */
@Injectable()
export class Confirmation {
  constructor(
    private readonly texts: OwnTexts,
    private readonly targets: RouteTargets,
  ) {}

  /** Sends it once for each received text, and not at all where the carrier has answered itself: it would refuse ours. */
  async send(stop: InboundDoc, settings: Settings, language: WordLanguage | null): Promise<void> {
    const tenant = stop.tenant_id;
    const channel = channelOf(stop);
    const route = parseRoute(routeOf(stop));
    if (!settings.opt_out_confirmation || stop.keyword || !route) return;
    const target = await this.targets.find(tenant, route);
    if (!target?.channels.includes(channel)) return;
    const simSlot = stop.sim_slot !== null && target.simSlots.includes(stop.sim_slot) ? stop.sim_slot : null;
    await this.texts.send({
      tenant,
      because: { id: stop._id, purpose: 'opt-out confirmation' },
      channel,
      to: stop.from,
      text: confirmationText(settings, language),
      route: routeOf(stop),
      from: stop.carrier ? (stop.to ?? undefined) : undefined,
      simSlot,
      priority: 'HIGH',
      ttlSeconds: TTL_SECONDS,
      ignoresOptOuts: true,
    });
  }
}

export function confirmationText(settings: Settings, language: WordLanguage | null): string {
  const spoken = language ?? (settings.default_country_prefix === '+84' ? 'vi' : 'en');
  const own = settings.opt_out_confirmation_texts[spoken];
  const named = (text: string) => text.replaceAll('{org_name}', () => settings.org_name);
  return own === undefined ? toGsm7(named(TEXTS[spoken])) : named(own);
}
