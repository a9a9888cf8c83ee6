import { ArrayUnique, IsArray, IsIn, IsOptional, Length } from 'class-validator';
import { Describe, Example, IsDto, MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import { PREFERENCES, WAYS, type Preference, type Way } from '../../domain/preference.js';
import { QuietHoursDto } from './quiet-hours.dto.js';

/** Of a new person, or of a change of one. */
@Example({
  name: 'Nguyễn Văn An',
  email: 'an@example.com',
  phone: '0901234567',
  language: 'vi',
  time_zone: 'Asia/Ho_Chi_Minh',
  preference: 'sms',
  quiet_hours: { from: '22:00', to: '07:00' },
})
export class PersonDto {
  @IsOptional()
  @NotBlank(200)
  name?: string | null;

  @IsOptional()
  @Length(3, 254)
  @Describe('A new one is not confirmed.')
  email?: string | null;

  @IsOptional()
  @NotBlank(40)
  @Describe('A new one is not confirmed. Without a country code it has that of the tenant.')
  phone?: string | null;

  @IsOptional()
  @NotBlank(64)
  @Describe('Of texts, as a BCP 47 tag; null: that of the tenant.')
  language?: string | null;

  @IsOptional()
  @NotBlank(64)
  @Describe('Of the quiet hours, a name of the IANA database; null: UTC.')
  time_zone?: string | null;

  @MayBeAbsent()
  @IsIn(PREFERENCES)
  preference?: Preference;

  @IsOptional()
  @IsDto(QuietHoursDto)
  quiet_hours?: QuietHoursDto | null;

  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @IsIn(WAYS, { each: true })
  @Describe(
    'The ways that the person has ended. Ending sms is an opt-out of the number, and taking it back removes that.',
  )
  stopped?: Way[];
}
