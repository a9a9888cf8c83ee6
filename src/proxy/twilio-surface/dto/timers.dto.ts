import { IsString, MaxLength } from 'class-validator';
import { Describe, IgnoresUnknownFields, MayBeAbsent } from '../../../common/dto/decorators.js';

@IgnoresUnknownFields()
export class TimersDto {
  @MayBeAbsent()
  @IsString()
  @MaxLength(40)
  @Describe('Without a text for so long it is inactive: ISO 8601, PT1M or more; PT0M: never.')
  inactive?: string;

  @MayBeAbsent()
  @IsString()
  @MaxLength(40)
  @Describe('Without a text for so long it is closed for good: PT10M or more; PT0M: never.')
  closed?: string;
}
