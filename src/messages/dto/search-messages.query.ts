import { IsBoolean, MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsPageCursor, IsPageLimit, IsPageSkip, IsReference, IsTime } from '../../common/dto/field-types.js';
import { TIME_RANGE_HELP } from '../../common/time-range.js';
import { MessageFilters } from './message-filters.js';

class SearchFilters extends MessageFilters {
  @IsPageLimit()
  limit: number = 50;

  @IsPageSkip()
  skip: number = 0;

  @MayBeAbsent()
  @IsPageCursor()
  cursor?: string;

  @MayBeAbsent()
  @MaxLength(40)
  @Describe('A number, with or without its country.')
  to?: string;

  @MayBeAbsent()
  @MaxLength(40)
  @Describe('The first digits of the number, with its country code, at least 4. In the order of the numbers.')
  to_prefix?: string;

  @MayBeAbsent()
  @MaxLength(40)
  @Describe('The last digits of the number, at least 4. In the order of the numbers.')
  to_suffix?: string;

  @MayBeAbsent()
  @IsReference()
  client_reference?: string;

  @MayBeAbsent()
  @IsTime()
  @Describe(TIME_RANGE_HELP.from)
  created_from?: string;

  @MayBeAbsent()
  @IsTime()
  @Describe(TIME_RANGE_HELP.to)
  created_to?: string;

  @IsBoolean()
  @Describe('Count them too: `total`, with `total_is_more` where there are more than were counted (10,000 at most).')
  with_total: boolean = false;
}

export class SearchMessagesQuery extends SearchFilters {
  @MayBeAbsent()
  @IsId('req')
  request_id?: string;
}

export class ListRequestMessagesQuery extends SearchFilters {
  @IsId('req')
  request_id!: string;
}
