import { IsOptional } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { IsExpiryWindow } from './expiry-window.js';
import { IsSourceValue, LONGEST_NUMBER, type SourceValue } from './source-value.js';

@IgnoresUnknownFields()
@Example({ participant_a: '12065550111', participant_b: '12065550112', expiry_window: 10 })
export class OpenSessionDto {
  @IsSourceValue(LONGEST_NUMBER)
  @Describe('A person’s number with its country code, with a plus or without one.')
  participant_a!: SourceValue;

  @IsSourceValue(LONGEST_NUMBER)
  participant_b!: SourceValue;

  @IsOptional()
  @IsExpiryWindow()
  @Describe('Minutes after which the session expires; absent, null or 0: never.')
  expiry_window?: number | string | null;
}
