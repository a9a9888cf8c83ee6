/** How a message leaves the house; what has no channel is an SMS, as nearly all are. */
export const CHANNELS = ['sms', 'whatsapp', 'email', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];
