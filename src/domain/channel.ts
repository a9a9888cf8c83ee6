/** How a message leaves the house; what has no channel is an SMS, as nearly all are. */
export const CHANNELS = ['sms', 'whatsapp', 'email', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Those whose addresses are numbers, E.164. */
export const NUMBER_CHANNELS = ['sms', 'whatsapp'] as const;
export type NumberChannel = (typeof NUMBER_CHANNELS)[number];
