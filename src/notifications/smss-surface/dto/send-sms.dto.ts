import { IsString, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';

@IgnoresUnknownFields()
@Example({ contact: '+201009129288', subject: 'SMS Subject', message: 'This is a message body' })
export class SendSmsDto {
  @IsString()
  @MaxLength(100)
  @Describe('The number with its country code, +E.164.')
  contact!: string;

  @IsString()
  @MaxLength(1000)
  @Describe('The first line of the SMS, which has no subject; may be empty.')
  subject!: string;

  @NotBlank(10_000)
  message!: string;
}
