import type { JsonSchema } from '../../common/dto/json-schema.js';

const text = (example: string): JsonSchema => ({ type: 'string', examples: [example] });
const STATES = ['Pending', 'Processed', 'Sent', 'Delivered', 'Failed', 'Cancelled'];
const state: JsonSchema = { type: 'string', enum: STATES, examples: ['Sent'] };

/** What the app reports of one message, for the document. */
export const REPORT: JsonSchema = {
  type: 'object',
  properties: {
    id: text('msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000'),
    state,
    recipients: {
      type: 'array',
      items: {
        type: 'object',
        properties: { phoneNumber: text('+84901234567'), state, error: text('RESULT_ERROR_NO_SERVICE') },
      },
    },
    states: {
      type: 'object',
      description: 'When it came into each state.',
      examples: [{ Sent: '2026-11-21T10:00:00.000Z' }],
    },
  },
};
