import { Type } from 'typebox';
import { IdOf, NullableTime, Time, ExampleText } from '../common/http/answers.js';
import { withExample, Nullable } from '../common/schema.js';
import { Encoding, RouteName, Submitted } from '../messages/message-answers.js';

const BadLines = Type.Array(
  Type.Object({
    line: Type.Integer({ description: 'Line number in the file, counted from 1.', examples: [7] }),
    field: ExampleText('to', { description: 'to, variables.NAME, or empty when the problem concerns the whole line.' }),
    message: ExampleText('is not a phone number'),
  }),
  { description: 'At most 100.' },
);
const totals = {
  total_messages: Type.Integer({ description: 'Good lines.', examples: [2500] }),
  total_segments: Type.Integer({ examples: [2500] }),
  total_bad: Type.Integer({ description: 'Number of lines that were skipped.', examples: [1] }),
  bad_lines: BadLines,
};

const fields = {
  import_id: IdOf('imp'),
  status: Type.Enum(['queued', 'running', 'waiting', 'done', 'failed', 'canceled'], {
    description: 'waiting: the limit of the day is reached; the import goes on the next day.',
    examples: ['running'],
  }),
  reason: withExample(
    Nullable(Type.Object({ code: ExampleText('daily_limit'), message: ExampleText('This key may send ...') })),
    null,
  ),
  client_id: Submitted,
  template_id: Nullable(IdOf('tpl')),
  agent_id: Nullable(IdOf('agt')),
  route: RouteName,
  schedule_at: withExample(Nullable(Type.String()), null),
  ...totals,
  text_blanked_at: Type.Optional(
    Type.String({ format: 'date-time', description: 'When its text and its bad lines were removed.' }),
  ),
  total_created: Type.Integer({ description: 'Messages that were created so far.', examples: [1000] }),
  total_skipped: Type.Integer({ description: 'Duplicates so far, stored as CANCELED.', examples: [0] }),
  total_opted_out: Type.Integer({
    description: 'Messages so far to recipients who want no more texts, stored as FAILED.',
    examples: [0],
  }),
  request_ids: Type.Array(IdOf('req'), { description: 'One request for each thousand lines.' }),
  retry_at: NullableTime,
  created_at: Time,
  updated_at: Time,
  finished_at: NullableTime,
};

export const Import = Type.Object(fields, { $id: 'Import' });
export const CanceledImport = Type.Object(
  {
    ...fields,
    canceled: Type.Optional(
      Type.Integer({
        description: 'With cancel_submitted: the number of messages that were canceled.',
        examples: [990],
      }),
    ),
  },
  { $id: 'CanceledImport' },
);

export const ImportTrial = Type.Object(
  {
    dry_run: Type.Literal(true),
    ...totals,
    total_bad: Type.Integer({ description: 'Number of bad lines.', examples: [1] }),
    refusal: Type.Union(
      [
        Type.Object({
          code: ExampleText('bad_lines'),
          message: ExampleText('The whole file would be refused: 1 line is bad. ...'),
        }),
        Type.Null(),
      ],
      { description: 'Why the whole file would be refused because of its bad lines; null if it would be taken.' },
    ),
    total_duplicates: Type.Integer({
      description: 'Good lines that would be stored as CANCELED (DUPLICATE_RECENT) and not sent.',
      examples: [1],
    }),
    duplicate_lines: Type.Array(
      Type.Object({
        line: Type.Integer({ examples: [9] }),
        first_line: Type.Union([Type.Integer(), Type.Null()], {
          description: 'The line with the same number and text; null: such a message was accepted lately.',
          examples: [3],
        }),
      }),
      { description: 'At most 100.' },
    ),
    rows: Type.Array(
      Type.Object({
        line: Type.Integer({ examples: [2] }),
        to: ExampleText('+84901234567'),
        text: ExampleText('Ma OTP 123456'),
        encoding: Encoding,
        segments: Type.Integer({ examples: [1] }),
      }),
      { description: 'The first ten good lines.' },
    ),
  },
  { $id: 'ImportTrial' },
);
