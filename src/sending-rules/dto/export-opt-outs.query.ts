import type { DelimiterName } from '../../common/csv/delimiters.js';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { IsCsvDelimiter, IsCsvPreset, IsZoneOfTimes } from '../../common/dto/field-types.js';

export class ExportOptOutsQuery {
  @MayBeAbsent()
  @IsCsvPreset()
  preset?: 'excel';

  @MayBeAbsent()
  @IsCsvDelimiter()
  delimiter?: DelimiterName;

  @MayBeAbsent()
  @IsZoneOfTimes()
  tz?: string;
}
