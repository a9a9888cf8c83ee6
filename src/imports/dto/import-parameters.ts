import { IsBoolean, IsIn, IsInt, Length, Max, Min } from 'class-validator';
import { DELIMITER_NAMES, type DelimiterName } from '../../common/csv/delimiters.js';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsTextEncoding } from '../../common/dto/field-types.js';
import { NUMBER_CHANNELS, type NumberChannel } from '../../domain/channel.js';
import type { TextEncoding } from '../../domain/gsm7.js';

/** Everything except the file: query parameters, or fields of the form. Fields of the form take precedence. */
export class ImportParameters {
  @MayBeAbsent()
  @Length(1, 100)
  @Describe('An approved template.')
  template_id?: string;

  @MayBeAbsent()
  @Length(1, 10_000)
  @Describe('One text for all lines, instead of a template; needs the scope sms:send_text.')
  text?: string;

  @MayBeAbsent()
  @IsTextEncoding()
  @Describe('As in POST /requests.')
  encoding?: TextEncoding;

  @MayBeAbsent()
  @Length(1, 100)
  @Describe('The phone that sends the messages.')
  agent_id?: string;

  @MayBeAbsent()
  @Length(1, 100)
  @Describe('agent:<id>, group:<name> or carrier:<name>, instead of agent_id.')
  route?: string;

  @MayBeAbsent()
  @IsIn(NUMBER_CHANNELS)
  @Describe('As in POST /requests.')
  channel?: NumberChannel;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('As in POST /requests.')
  allow_empty_route?: boolean;

  @MayBeAbsent()
  @Length(1, 20)
  @Describe('HIGH, NORMAL or LOW; anything else is NORMAL.')
  priority?: string;

  @MayBeAbsent()
  @Length(1, 40)
  @Describe('ISO 8601; without a zone it is UTC.')
  schedule_at?: string;

  @MayBeAbsent()
  @Length(1, 40)
  @Describe('ISO 8601; a message that was not sent by then fails.')
  expires_at?: string;

  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(30 * 86_400)
  @Describe('How long a message lives.')
  ttl_seconds?: number;

  @MayBeAbsent()
  @Length(1, 200)
  @Describe('Header of the column of numbers. Default: a column named to, phone, number, mobile or similar.')
  to_column?: string;

  @MayBeAbsent()
  @Length(1, 10_000)
  @Describe('JSON from variables to headers: {"NAME":"First name"}. Other variables use the column of their own name.')
  variables?: string;

  @MayBeAbsent()
  @IsIn([',', ';', '|', ...DELIMITER_NAMES])
  @Describe(
    'The character between two cells. Default: the one of a first line `sep=;`, else the one that occurs most often in the header line.',
  )
  delimiter?: ',' | ';' | '|' | DelimiterName;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Sends nothing; shows what would be sent, which lines are bad, and which would be canceled as duplicates.')
  dry_run?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Skips bad lines and lists them; without it, one bad line makes the gateway refuse the whole file.')
  skip_bad_lines?: boolean;
}
