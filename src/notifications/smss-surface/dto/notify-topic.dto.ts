import { IsString, Matches, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';

@IgnoresUnknownFields()
@Example({ topic: 'news', title: 'Notification Title', body: 'This is a topic notification body' })
export class NotifyTopicDto {
  @Matches(/^[A-Za-z0-9_.~%-]{1,900}$/u, { message: 'must be the name of a topic, such as news' })
  @Describe('A topic of Firebase.')
  topic!: string;

  @IsString()
  @MaxLength(1000)
  title!: string;

  @NotBlank(10_000)
  body!: string;
}
