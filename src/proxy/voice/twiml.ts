import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';

/** What somebody on the telephone hears, and with whom they are then connected. */
export interface VoiceAnswer {
  say?: string;
  /** One other person, who sees `callerId`. */
  dial?: { callerId: string; number: string };
  /** Several: for the caller it begins with them and ends with them. */
  conference?: { name: string; isCaller: boolean };
}

type Say = Parameters<VoiceResponse['say']>[0];
const VOICE = { voice: 'alice', language: 'en' } as unknown as Say;

/** In Twilio's words. Only who has an account at Twilio gets here, so only they load the package. */
export async function twimlOf({ say, dial, conference }: VoiceAnswer): Promise<string> {
  const { default: Response } = await import('twilio/lib/twiml/VoiceResponse.js');
  const response = new Response();
  if (say) response.say(VOICE, say);
  if (dial) response.dial({ callerId: dial.callerId }).number(dial.number);
  if (conference) {
    const { name, isCaller } = conference;
    response.dial().conference({ startConferenceOnEnter: isCaller, endConferenceOnExit: isCaller }, name);
  }
  return response.toString();
}
