import { Describe, Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { IsSourceValue, LONGEST_NUMBER, type SourceValue } from './source-value.js';

@IgnoresUnknownFields()
@Example({ value: '12065550100' })
export class TnDto {
  @IsSourceValue(LONGEST_NUMBER)
  @Describe('The number with its country code, with a plus or without one.')
  value!: SourceValue;
}
