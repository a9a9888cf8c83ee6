import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, IsString, Length, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { TEXT_ENCODINGS } from '../../domain/gsm7.js';
import { idPattern } from '../ids.js';
import { CSV_PRESETS } from '../csv/csv-style.js';
import { DELIMITER_NAMES } from '../csv/delimiters.js';
import { Describe } from './decorators.js';

/** Decorators that several DTOs use. A decorator of only one feature belongs in that feature's `dto/`. */

/** A text of 1 to `longest` characters that aren't all blanks. */
export function NotBlank(longest: number): PropertyDecorator {
  return applyDecorators(Length(1, longest), Matches(/\S/u, { message: 'must not be blank' }));
}

const IDS = {
  agt: 'must be an agent id (agt_...)',
  req: 'must be a request id (req_...)',
  tpl: 'must be a template id (tpl_...)',
} as const;

export function IsId(prefix: keyof typeof IDS): PropertyDecorator {
  return Matches(new RegExp(idPattern(prefix), 'u'), { message: IDS[prefix] });
}

/** How many items a page has. */
export function IsPageLimit(): PropertyDecorator {
  return applyDecorators(IsInt(), Min(1), Max(500), Describe('Items on a page.'));
}

export function IsPageSkip(): PropertyDecorator {
  return applyDecorators(IsInt(), Min(0), Max(100_000), Describe('Items to skip; use `cursor` for deep pages.'));
}

export function IsPageCursor(): PropertyDecorator {
  return applyDecorators(IsString(), MaxLength(200), Describe('The `next` of the previous page.'));
}

/** `agent:<id>`, `group:<name>` or `carrier:<name>`; the service checks later whether it exists. */
export function IsRoute(): PropertyDecorator {
  return applyDecorators(IsString(), MaxLength(100));
}

/** A time or a day as text: ISO 8601; `domain/timestamp` reads it. */
export function IsTime(): PropertyDecorator {
  return applyDecorators(IsString(), MaxLength(40));
}

/** `22:00`. */
export function IsTimeOfDay(): PropertyDecorator {
  return Matches(/^([01]\d|2[0-3]):[0-5]\d$/u, { message: 'must be a time of the day such as 22:00' });
}

export function IsTextEncoding(): PropertyDecorator {
  return IsIn(TEXT_ENCODINGS);
}

/** No phone has more SIMs; slots are counted from 0. */
export const MOST_SIMS = 16;
export function IsSimSlot(): PropertyDecorator {
  return applyDecorators(IsInt(), Min(0), Max(MOST_SIMS - 1));
}

/** The client's own id of a message. */
export function IsReference(): PropertyDecorator {
  return applyDecorators(IsString(), MinLength(1), MaxLength(200));
}

/** The parameters that exports have in common; `common/csv/csv-style` and `common/read-zone` read them. */
export function IsCsvPreset(): PropertyDecorator {
  return applyDecorators(
    IsIn(CSV_PRESETS),
    Describe(
      'excel: with a byte-order mark, and with an apostrophe also before digits that a spreadsheet would change (0123, 8490123456789).',
    ),
  );
}

export function IsCsvDelimiter(): PropertyDecorator {
  return applyDecorators(IsIn(DELIMITER_NAMES), Describe('What stands between two cells. Default: comma.'));
}

export function IsZoneOfTimes(): PropertyDecorator {
  return applyDecorators(
    MaxLength(64),
    Describe('Zone of the times: Asia/Ho_Chi_Minh (IANA) or +07:00. Default: UTC.'),
  );
}
