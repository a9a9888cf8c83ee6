import { IsBoolean, IsIn, IsInt, Length, Max, Min } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsTextEncoding } from '../../common/dto/field-types.js';
import type { TextEncoding } from '../../domain/gsm7.js';

/** Query parameters, or fields of the form, which win. Everything but the file. */
export class ImportParameters {
  @MayBeAbsent()
  @Length(1, 100)
  @Describe('An approved template.')
  template_id?: string;

  @MayBeAbsent()
  @Length(1, 10_000)
  @Describe('Instead of a template, the same for all; needs the scope sms:send_text.')
  text?: string;

  @MayBeAbsent()
  @IsTextEncoding()
  @Describe('As in POST /requests.')
  encoding?: TextEncoding;

  @MayBeAbsent()
  @Length(1, 100)
  @Describe('Whose queue the messages wait in.')
  agent_id?: string;

  @MayBeAbsent()
  @Length(1, 100)
  @Describe('agent:<id> or group:<name>, instead of agent_id.')
  route?: string;

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
  @Describe('ISO 8601; the end of all messages.')
  expires_at?: string;

  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(30 * 86_400)
  @Describe('How long a message lives.')
  ttl_seconds?: number;

  @MayBeAbsent()
  @Length(1, 200)
  @Describe('Header of the numbers; without it one that is named to, phone, number, mobile or alike.')
  to_column?: string;

  @MayBeAbsent()
  @Length(1, 10_000)
  @Describe(
    'JSON, a variable of the template to a header: {"NAME":"First name"}. Others are the headers of their own names.',
  )
  variables?: string;

  @MayBeAbsent()
  @IsIn([',', ';', 'tab', '|'])
  @Describe('Between two cells; without it, whichever the header line has most of.')
  delimiter?: ',' | ';' | 'tab' | '|';

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Shows what would be sent, and every bad line, and sends nothing.')
  dry_run?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Leaves bad lines out and lists them; without it one bad line refuses the file whole.')
  skip_bad_lines?: boolean;
}
