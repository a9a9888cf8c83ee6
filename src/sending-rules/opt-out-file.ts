const SAMPLE = 'number,sender,reason\n0901234567,,asked by phone\n';

/** The body of an import as the OpenAPI document shows it: a form with a file, or only the file. */
export const OPT_OUT_FILE = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        examples: [{ file: SAMPLE }],
        properties: { file: { type: 'string', format: 'binary', description: 'The CSV file.' } },
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
