import { IsBoolean, IsIn, Length, MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsTime } from '../../common/dto/field-types.js';
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
  @Describe(`Comma-separated: ${COLUMN_NAMES.join(', ')}. Default: ${DEFAULT_COLUMNS.join(', ')}.`)
  columns?: string;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Compress the file. Default: as the header Accept-Encoding asks.')
  gzip?: boolean;
}

export class CsvExportQuery extends ExportQuery {
  @IsBoolean()
  @Describe('Begin the file with a byte-order mark, which some spreadsheets need.')
  bom: boolean = false;

  @IsIn(['escape', 'keep'])
  @Describe(
    'Put an apostrophe before cells that a spreadsheet would read as a formula (a number begins with +), or keep them as they are.',
  )
  formulas: 'escape' | 'keep' = 'escape';
}
