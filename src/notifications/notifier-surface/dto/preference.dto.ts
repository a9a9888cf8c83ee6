import { IsOptional, IsString } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, MayBeAbsent } from '../../../common/dto/decorators.js';
import { IsPlainText } from './plain-values.js';

@IgnoresUnknownFields()
@Example({ notify_pref: 'sms', email: 'guy@example.com', phone: 15105552054 })
export class PreferenceDto {
  @MayBeAbsent()
  @IsString()
  @Describe('email, sms, push or None; absent: as it is.')
  notify_pref?: string;

  @MayBeAbsent()
  @IsString()
  @Describe('Empty: none.')
  email?: string;

  @IsOptional()
  @IsPlainText()
  @Describe('A whole number with the country code, or its digits; null: none.')
  phone?: number | string | null;
}
