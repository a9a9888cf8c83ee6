import { IsString } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, MayBeAbsent } from '../../../common/dto/decorators.js';
import { IsPlainText } from './plain-values.js';

@IgnoresUnknownFields()
@Example({ title: 'Subject text example', text: 'Body text example', sendtime: '2021-09-06T15:52:10-07:00' })
export class NotifyDto {
  @MayBeAbsent()
  @IsPlainText()
  @Describe('The subject of the e-mail, or the first line of the SMS: 254 characters at most.')
  title?: string | number;

  @IsPlainText()
  text!: string | number;

  @MayBeAbsent()
  @IsString()
  @Describe('ISO 8601; without a zone it is UTC. Absent or past: at once.')
  sendtime?: string;
}
