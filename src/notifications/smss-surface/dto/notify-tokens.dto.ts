import { IsString, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';
import { IsTokens } from './is-tokens.js';

@IgnoresUnknownFields()
@Example({
  tokens: ['dyimeAKczeP3UJ8ynvI1I2:APA91bHQF'],
  title: 'Notification Title',
  body: 'This is a notification body',
})
export class NotifyTokensDto {
  @IsTokens()
  @Describe('Registration tokens of devices and browsers; a single one may stand without a list.')
  tokens!: string | string[];

  @IsString()
  @MaxLength(1000)
  title!: string;

  @NotBlank(10_000)
  body!: string;
}
