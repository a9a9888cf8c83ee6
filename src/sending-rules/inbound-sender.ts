import type { Channel } from '../domain/channel.js';
import { formatRoute } from '../domain/route.js';
import type { InboundDoc } from '../inbound/inbound-message.js';

export function channelOf({ channel }: InboundDoc): Channel {
  return channel ?? 'sms';
}

/** The route back to who sent it. */
export function routeOf({ carrier, agent_id }: InboundDoc): string {
  return carrier ? formatRoute({ kind: 'carrier', carrier }) : `agent:${agent_id}`;
}
