import { IsString, MaxLength } from 'class-validator';
import { IgnoresUnknownFields } from '../../../common/dto/decorators.js';

@IgnoresUnknownFields()
export class PhoneNumberQuery {
  @IsString()
  @MaxLength(60)
  phoneNumber!: string;
}
