import { schemaOf } from '../common/dto/schema-of.js';
import { ImportParameters } from './dto/import-parameters.js';

const SAMPLE = 'to,NAME\n0901234567,An\n';
const { properties } = schemaOf(ImportParameters);

/** The body as the OpenAPI document shows it: a form, or only the file with everything else in the query. */
export const IMPORT_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        examples: [
          { template_id: 'tpl_01jd2m0q8nfgt1vwzzk4x6s5ah', agent_id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah', file: SAMPLE },
        ],
        properties: {
          ...properties,
          file: {
            type: 'string',
            format: 'binary',
            description: 'The CSV file; fields may stand before it and behind it.',
          },
        },
      } as never,
    },
    'text/csv': {
      schema: {
        type: 'string',
        description: 'UTF-8, or UTF-16 with a byte-order mark; with a header line.',
        examples: [SAMPLE],
      } as never,
    },
  },
};
