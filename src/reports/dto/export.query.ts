import { IsBoolean, IsIn, Length, MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import type { DelimiterName } from '../../common/csv/delimiters.js';
import { IsCsvDelimiter, IsCsvPreset, IsTime } from '../../common/dto/field-types.js';
import { TIME_RANGE_HELP } from '../../common/time-range.js';
import { MessageFilters } from '../../messages/dto/message-filters.js';
import { IsSubmitterId } from '../../messages/dto/submitter-id.js';
import { COLUMN_NAMES, DEFAULT_COLUMNS } from '../export-columns.js';

/** An export in any format. */
export class ExportQuery extends MessageFilters {
  @MayBeAbsent()
  @IsTime()
  @Describe(TIME_RANGE_HELP.from)
  from?: string;

  @MayBeAbsent()
  @IsTime()
  @Describe(TIME_RANGE_HELP.to)
  to?: string;

  @MayBeAbsent()
  @IsSubmitterId()
  @Describe('Another name for `client_id`.')
  client?: string;

  @MayBeAbsent()
  @Length(1, 100)
  @Describe('`agent:<id>`, `group:<name>` or `carrier:<name>`.')
  route?: string;

  @MayBeAbsent()
  @MaxLength(1000)
  @Describe(
    `Comma-separated: ${COLUMN_NAMES.join(', ')}. Default: ${DEFAULT_COLUMNS.join(', ')}; with preset=excel also text.`,
  )
  columns?: string;

  @MayBeAbsent()
  @MaxLength(64)
  @Describe(
    'Zone of the times in the file, and of the days of `from` and `to`: Asia/Ho_Chi_Minh (IANA) or +07:00. Default: times are of UTC, days of the setting time_zone.',
  )
  tz?: string;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Compress the file. Default: as the header Accept-Encoding asks.')
  gzip?: boolean;
}

export class CsvExportQuery extends ExportQuery {
  @MayBeAbsent()
  @IsCsvPreset()
  preset?: 'excel';

  @MayBeAbsent()
  @IsCsvDelimiter()
  delimiter?: DelimiterName;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Begin the file with a byte-order mark, which some spreadsheets need. Default: only with the preset.')
  bom?: boolean;

  @IsIn(['escape', 'keep'])
  @Describe(
    'Put an apostrophe before cells that a spreadsheet would read as a formula (a number begins with +), or keep them as they are. An import takes it away.',
  )
  formulas: 'escape' | 'keep' = 'escape';
}
